import subprocess
import sys

code = "import sys; print(sys.stdin.read()[::-1], end=''); sys.exit(3)"
result = subprocess.run([sys.executable, "-c", code], input="stressed", capture_output=True, text=True)
print(f"printed: {result.stdout}")
print(f"code: {result.returncode}")
try:
    result.check_returncode()
except subprocess.CalledProcessError as error:
    print(f"refused: {error.returncode}")
