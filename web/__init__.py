"""The edge for browsers and watchers: health now, console, portal and pages in WeChat later."""
