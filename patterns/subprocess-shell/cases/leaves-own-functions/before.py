import subprocess
from tasks import run
from .subprocess import Popen


def call(command, shell):
    pass


run(command, shell=True)
Popen(command, shell=True)
call(command, shell=True)
