"""Show a library in a browser: a WSGI application with a module a page. It imports no Click and no command."""
