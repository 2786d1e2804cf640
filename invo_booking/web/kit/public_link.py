"""Links the browser follows itself: within the page, to a file, to the telephone.

``rx.el.a`` is a link of the client's router, right for pages and for nothing else.
"""

from reflex_components_core.el.elements.inline import A

plain_link = A.create
