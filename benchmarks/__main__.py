"""``python -m benchmarks``: every measurement there is, with its baseline in the same run."""

from benchmarks import report

if __name__ == "__main__":
    report.main()
