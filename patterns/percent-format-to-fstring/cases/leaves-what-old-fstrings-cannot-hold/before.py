a = "%s" % (table["it's"],)
b = '%s' % (table['"key"'],)
l = "%s" % (table["""key"""],)
m = "%s" % (table["\t"],)
c = "%s" % ('\n'.join(lines),)
d = "%s" % (call(
    name),)
e = "%s" % (name,  # who
            )
f = "%s" % (
    # who
    name,
)
g = "%s" % (table['#'],)
h = "%s" % ({name},)
i = "%s" % {name: 1}
j = '''%s''' % ("""'''""",)
k = "%s" % (f'{name}',)
