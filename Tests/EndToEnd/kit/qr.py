"""Reads the QR codes that Guardian draws, with other people's software."""

import re

import numpy
import zxingcpp

DARK, LIGHT = 0, 255
# Pixels of a module's side.
SIZE = 4


def of_svg(text):
    """Returns the text of a code in SVG."""
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', text)[1])
    pixels = numpy.full((side, side), LIGHT, numpy.uint8)
    (path,) = re.findall(r'<path fill="#000" d="([^"]*)"/>', text)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
        pixels[int(y), int(x):int(x) + int(length)] = DARK
    return _read(pixels)


def of_terminal(lines):
    """Returns the text of a code that was printed on a terminal, in half blocks of black on white."""
    rows = []
    for line in lines:
        blocks = re.fullmatch(r"\x1b\[30;107m(.*)\x1b\[0m", line)[1]
        rows.append([DARK if block in "█▀" else LIGHT for block in blocks])
        rows.append([DARK if block in "█▄" else LIGHT for block in blocks])
    return _read(numpy.array(rows, numpy.uint8))


def _read(pixels):
    (code,) = zxingcpp.read_barcodes(numpy.kron(pixels, numpy.ones((SIZE, SIZE), numpy.uint8)))
    assert code.format == zxingcpp.BarcodeFormat.QRCode and code.ec_level == "M"
    return code.text
