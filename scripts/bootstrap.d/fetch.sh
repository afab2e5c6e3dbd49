# Downloading and storing: a file or folder gets its final name only when it is complete and checked.

# fingerprint FILE…: a short name for the state of these files.
fingerprint() { cat -- "$@" | sha256sum | cut -c1-12; }

# check FILE SHA256
check() {
    local found
    found=$(sha256sum -- "$1" | cut -d' ' -f1)
    [[ $found == "$2" ]] || stop "$(basename "$1") was downloaded with SHA-256 $found, expected $2: it is not the pinned file, so set-up stops"
}

# `fresh` makes a folder beside the final one; `keep` renames it in one move, so an interrupted run leaves nothing incomplete.
fresh() {
    rm -rf -- "$1".partial
    mkdir -p -- "$1".partial
    printf '%s' "$1".partial
}
keep() {
    rm -rf -- "$1"
    mv -T -- "$1".partial "$1"
}

# link NAME TARGET: .tools/NAME → TARGET. A real folder that a person made there is left unchanged.
link() {
    local at=$tools/$1
    if [[ -e $at && ! -L $at ]]; then
        [[ $(readlink -f "$at") == "$(readlink -f "$2")" ]] || say "$1: .tools/$1 was made by hand and is left alone (remove it to get the pinned one)"
        return
    fi
    ln -sfn -- "$2" "$at"
}

# unzip_some WHEEL FOLDER PREFIX [LEFT-OUT…]: unpacks the files of a wheel whose names begin with PREFIX, except those
# that contain one of the words LEFT-OUT. (Debian has no unzip by default; Python always reads zips.)
unzip_some() {
    "$python" - "$@" <<'PY'
import pathlib, sys, zipfile
wheel, folder, prefix, *left_out = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    names = [n for n in archive.namelist()
             if n.startswith(prefix) and not n.endswith("/") and not any(word in n for word in left_out)]
    if not names:
        sys.exit(f"{wheel} holds nothing under {prefix}")
    for name in names:
        target = pathlib.Path(folder) / name[len(prefix):].lstrip("/") if prefix.endswith("/") else pathlib.Path(folder) / pathlib.Path(name).name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(archive.read(name))
PY
}
