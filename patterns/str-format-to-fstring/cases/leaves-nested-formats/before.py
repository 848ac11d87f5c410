a = f"{'{} '.format(name)}"
b = "{} ".format(f'{name}')
c = "{} ".format('%s ' % (name,))
