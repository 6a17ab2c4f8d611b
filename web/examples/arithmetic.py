"""Write sums and differences, one a line: what a network can learn to calculate from."""

import random

LINES = 1600


def main() -> None:
    numbers = random.Random(0)
    for _ in range(LINES):
        a, b = numbers.randrange(100), numbers.randrange(100)
        if numbers.random() < 0.5:
            print(f"{a} + {b} = {a + b}")
        else:
            a, b = max(a, b), min(a, b)
            print(f"{a} - {b} = {a - b}")


if __name__ == "__main__":
    main()
