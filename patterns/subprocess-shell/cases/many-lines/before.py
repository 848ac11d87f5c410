import subprocess

subprocess.run(
    command,
    check=True,
    shell=True,
)
