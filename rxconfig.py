"""What Reflex wants to know; all of it follows from the deployment's configuration."""

import reflex as rx

from invo_booking.config import load_config

_ours = load_config()

config = rx.Config(
    app_name="invo_booking",
    app_module_import="invo_booking.app",
    api_url=_ours.public_url,
    deploy_url=_ours.public_url,
    backend_host=_ours.host,
    backend_port=_ours.port,
    redis_url=_ours.state_store or None,
    cors_allowed_origins=list(_ours.origins),
    trusted_proxy_hops=_ours.trusted_proxy_hops,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    plugins=[],
    frontend_compression_formats=["gzip", "brotli"],
    disable_plugins=[rx.plugins.SitemapPlugin],  # it lists staff pages as well
)
