# The Swift toolchain is the one thing that set-up does not install.

check_toolchain() {
    command -v swift >/dev/null ||
        stop "the Swift toolchain is missing: install Swift 6.2 or newer from swift.org and put its usr/bin on PATH"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n1)
    [[ $(printf '%s\n6.2\n' "$version" | sort -V | head -n1) == 6.2 ]] ||
        stop "Swift $version is too old: Guardian needs 6.2 or newer (swift.org)"
}
