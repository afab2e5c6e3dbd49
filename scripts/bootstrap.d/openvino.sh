# OpenVINO's runtime: the libraries of its wheel that the CPU needs. Its C API is loaded from .tools/openvino/libs.

openvino_list=$steps/requirements/openvino.txt

install_openvino() {
    local at
    at=$cache/openvino-$(fingerprint "$openvino_list" "$steps/openvino.sh")
    if [[ ! -d $at ]]; then
        local partial wheels
        say "openvino: downloading its wheel (59 MB)"
        partial=$(fresh "$at")
        wheels=$partial/wheels
        pip_download "$wheels" "$openvino_list"
        unzip_some "$wheels"/openvino-*.whl "$partial/libs" openvino/libs/ \
            gpu_plugin npu_plugin gguf jax paddle pytorch tensorflow cache.json tbb.pc
        rm -rf -- "$wheels"
        keep "$at"
    fi
    link openvino "$at"
}

# pip_download FOLDER LIST: the wheels of a list with hashes, through whatever index this machine's pip uses.
pip_download() {
    local pip_home=$cache/venv-pip
    [[ -x $pip_home/bin/pip ]] || "$python" -m venv "$pip_home" >/dev/null ||
        stop "$python cannot make virtual environments: install its venv module (Debian: python3-venv)"
    "$pip_home/bin/python" -m pip download --quiet --no-input --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
        -d "$1" -r "$2" || stop "pip could not download what $(basename "$2") pins: see the line above"
}
