import fcntl
import os
import tempfile

with tempfile.TemporaryFile() as file:
    file.write(b"0123456789")
    file.flush()
    fcntl.lockf(file, fcntl.LOCK_EX, 5)
    child = os.fork()
    if child == 0:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 5)
        except OSError:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 5, 5)
            os._exit(7)
        os._exit(8)
    _, status = os.waitpid(child, 0)
    print(f"child ended with {os.WEXITSTATUS(status)}")
    fcntl.lockf(file, fcntl.LOCK_UN)
