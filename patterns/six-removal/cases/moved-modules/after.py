from urllib.parse import quote, urlparse as parse
from urllib import request
from six.moves import urllib
