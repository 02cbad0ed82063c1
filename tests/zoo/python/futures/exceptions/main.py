from concurrent.futures import ThreadPoolExecutor


def parse(text):
    return int(text)


with ThreadPoolExecutor(2) as pool:
    futures = [pool.submit(parse, text) for text in ("12", "twelve", "7")]
for future in futures:
    if error := future.exception():
        print(f"failed: {error}")
    else:
        print(f"parsed: {future.result()}")
try:
    list(ThreadPoolExecutor(1).map(parse, ["1", "x"]))
except ValueError as error:
    print(f"map raised: {error}")
