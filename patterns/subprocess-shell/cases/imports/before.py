import subprocess as sp
from subprocess import check_output, run as start

sp.run(command, shell=True)
check_output(command, shell=True)


def later():
    from subprocess import Popen

    with Popen(command, shell=True) as process:
        return start(command, shell=True)
