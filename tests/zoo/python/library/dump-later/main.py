import faulthandler
import tempfile
import threading

with tempfile.TemporaryFile() as file:
    faulthandler.dump_traceback_later(50, file=file)
    worker = threading.Thread(target=sum, args=(range(1000),))
    worker.start()
    worker.join()
    faulthandler.cancel_dump_traceback_later()
    print(f"dumped: {file.seek(0, 2)}")
    faulthandler.dump_traceback(file=file, all_threads=False)
    file.seek(0)
    print(f"now: {b'main.py' in file.read()}")
