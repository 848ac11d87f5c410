from six.moves.urllib.parse import quote, urlparse as parse
from six.moves.urllib import request
from six.moves import urllib
