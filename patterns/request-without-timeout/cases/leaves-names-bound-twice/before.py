try:
    from requests import get
except ImportError:
    from fallback import get

a = get(url)
