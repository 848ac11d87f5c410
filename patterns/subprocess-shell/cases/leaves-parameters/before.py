import subprocess


def start(subprocess):
    subprocess.run("ls", shell=True)
