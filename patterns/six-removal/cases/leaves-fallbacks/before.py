try:
    from six import text_type
except ImportError:
    text_type = str

a = text_type
