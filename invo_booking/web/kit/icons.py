"""Line icons, each defined once per page and drawn by reference."""

import reflex as rx

PATHS = {
    "home": "M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z",
    "cal": "M6 5h12a2.5 2.5 0 0 1 2.5 2.5v10A2.5 2.5 0 0 1 18 20H6a2.5 2.5 0 0 1"
    "-2.5-2.5v-10A2.5 2.5 0 0 1 6 5zM3.5 10h17M8 3v4M16 3v4",
    "gear": "M9 12a3 3 0 1 0 6 0a3 3 0 1 0-6 0M12 3v3M12 18v3M3 12h3M18 12h3"
    "M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M18.4 5.6l-2.2 2.2M7.8 16.2l-2.2 2.2",
    "plus": "M12 5v14M5 12h14",
    "left": "m14.5 6-6 6 6 6",
    "right": "m9.5 6 6 6-6 6",
    "down": "m6 9.5 6 6 6-6",
    "x": "M6 6l12 12M18 6 6 18",
    "check": "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0m5 .3 2.800 2.700L16 9.5",
    "done": "m2.5 12.5 4 4L15 8M11.5 15.5l1 1L21 8",
    "wait": "M7 3.5h10M7 20.5h10M8 3.5c0 5 4 5.5 4 8.5s-4 3.5-4 8.5"
    "M16 3.5c0 5-4 5.5-4 8.5s4 3.5 4 8.5",
    "open": "M6.200 8a3.800 3.800 0 1 0 7.600 0a3.800 3.800 0 1 0-7.600 0M3 20c.6-4"
    " 3.200-6 7-6 1.200 0 2.300.2 3.200.6M18 14v6M15 17h6",
    "warn": "M12 4 2.800 20h18.400zM12 10v4.5M12 17.300v.2",
    "video": "M5 6.5h8a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-7a2 2 0 0 1 2"
    "-2zM15 11l6-3.5v9L15 13z",
    "phone": "M6 3.5h3l1.5 4.5-2 1.5a12 12 0 0 0 6 6l1.5-2 4.5 1.5v3"
    "a2 2 0 0 1-2 2A15.5 15.5 0 0 1 4 5.5a2 2 0 0 1 2-2z",
    "branch": "M3.5 9.5 12 4l8.5 5.5zM5 20h14M6.5 10v7M12 10v7M17.5 10v7",
    "user": "M8 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0M4.5 20.5c.8-4 3.5-6 7.5-6s6.700 2 7.5 6",
    "clock": "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0M12 7.5V12l3 2",
    "globe": "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0M3.5 12h17"
    "M12 3.5c3 2.5 3.5 5 3.5 8.5s-.5 6-3.5 8.5c-3-2.5-3.5-5-3.5"
    "-8.5s.5-6 3.5-8.5",
    "info": "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M12 11v5.5M12 7.5v.2",
    "mail": "M4 6h16v12H4zM4 7l8 6 8-6",
    "sliders": "M4 7h8M17 7h3M4 17h3M12 17h8M12 7a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0"
    "M7 17a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0",
    "search": "M4.5 10.5a6 6 0 1 0 12 0a6 6 0 1 0-12 0M15 15l5 5",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "pen": "m5 19 .8-4L15.500 5.300a2 2 0 0 1 2.800 0l.4.4a2 2 0 0 1 0 2.800L9 18.200z",
    "stop": "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M12 7v6M12 16.300v.2",
    "bang": "M12 6v8M12 17.5v.2",
    "dash": "M6 12h12",
    "tick": "m5 12.5 4.5 4.5L19 7.5",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "arrow": "M4 12h15M13 6l6 6-6 6",
    "undo": "M9 6 4.5 10.5 9 15M5 10.5h9a5 5 0 0 1 0 10h-3",
}


def sprite() -> rx.Component:
    """Every icon, invisible, for ``icon`` to refer to."""
    return rx.el.svg(
        *(
            rx.el.svg.symbol(rx.el.svg.path(d=d), id=f"i-{name}", view_box="0 0 24 24")
            for name, d in PATHS.items()
        ),
        width="0",
        height="0",
        style={"position": "absolute"},
        aria_hidden="true",
    )


def icon(name: str | rx.Var[str], size: int = 16) -> rx.Component:
    """An icon by name, for decoration only: words beside it carry the meaning.

    Args:
        name: One of ``PATHS``.
        size: Edge in pixels: 12, 14, 16 or 20.
    """
    return rx.el.svg(
        rx.el.svg.use(href=f"#i-{name}"),
        class_name="i" if size == DEFAULT else f"i i-{size}",
        aria_hidden="true",
    )


DEFAULT = 16
