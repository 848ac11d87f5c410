value = "100%% of {%s} and {{}}" % (name,)
plain = "100%% {} " "of %s" % (name,)
