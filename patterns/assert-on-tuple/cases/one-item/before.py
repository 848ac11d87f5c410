assert (ready,)
