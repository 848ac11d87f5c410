try:
    import subprocess32 as subprocess
except ImportError:
    import subprocess

subprocess.run(command, shell=True)
