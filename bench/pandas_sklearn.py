"""Peer: pandas.read_csv, then scikit-learn's LinearRegression, as their documentation does.

Prints one line of JSON: seconds in all and of each half, and the coefficients,
intercept first. Run with Debian's python3 (python3-pandas, python3-sklearn).
"""

import argparse
import json
import time

start = time.perf_counter()  # the imports are not counted: see seconds below

import numpy
import pandas
import sklearn
from sklearn.linear_model import LinearRegression


def peak_rss_mb():
    """Largest resident set of this process, in MB (10^6 bytes)."""
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", required=True, help="CSV file")
    options.add_argument("--target", default="y", help="name of the target column")
    options.add_argument("--f32", action="store_true", help="read the cells as float32")
    args = options.parse_args()

    begin = time.perf_counter()
    table = pandas.read_csv(args.data, dtype=numpy.float32 if args.f32 else None)
    read = time.perf_counter()
    model = LinearRegression().fit(table.drop(columns=args.target), table[args.target])
    done = time.perf_counter()
    print(json.dumps({
        "program": "pandas_sklearn",
        "seconds": done - begin,
        "items": len(table),
        "per_second": len(table) / (done - begin),
        "peak_rss_mb": peak_rss_mb(),
        "read_seconds": read - begin,
        "fit_seconds": done - read,
        "import_seconds": begin - start,
        "pandas": pandas.__version__,
        "sklearn": sklearn.__version__,
        "coefficients": [float(model.intercept_), *map(float, model.coef_)],
    }))


if __name__ == "__main__":
    main()
