import six

print(f"{six.text_type=} {six.iteritems(a)=}")
