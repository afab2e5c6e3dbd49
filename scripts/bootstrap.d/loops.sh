# What the test cameras show: footage encoded once as a camera would (H.264 without B-frames, keyframes at fixed
# distances, MPEG-TS), so that serving it costs next to nothing and its end joins its beginning.

# encode OUT GOP-FRAMES INPUT-AND-FILTERS…: x264 as a camera's chip would do it.
encode() {
    local out=$1 gop=$2
    shift 2
    ffmpeg -nostdin -v error -y "$@" -c:v libx264 -preset "${preset:-veryfast}" -crf "${crf:-21}" -profile:v high -pix_fmt yuv420p \
        -bf 0 -g "$gop" -keyint_min "$gop" -sc_threshold 0 -f mpegts "$out" || unencoded "$out"
}
unencoded() { stop "ffmpeg could not make $(basename "$1"): see the line above"; }

# The part of the campus where the roads meet, as a second camera would see it: mirrored, and half a minute later.
street_view='trim=start=36:end=79,setpts=PTS-STARTPTS,crop=480:270:250:50,hflip,scale=1280:720:flags=lanczos,unsharp=5:5:0.6'

make_loops() {
    loops loops demo_loops "campus.ts street.ts"
}
demo_loops() {
    local footage=$tools/footage/vtest.avi
    encode "$1/campus.ts" 20 -i "$footage" -an
    encode "$1/street.ts" 20 -i "$footage" -an -vf "$street_view"
}

# For tests: a GOP of ten seconds, H.265, a smaller stream for detection, one with sound, an empty scene with changing light and noise.
make_test_loops() {
    loops loops-test test_loops "gop10.ts hevc.ts campus-sub.ts sound.ts empty.ts"
}
test_loops() {
    local footage=$tools/footage/vtest.avi
    encode "$1/gop10.ts" 100 -i "$footage" -an
    encode "$1/campus-sub.ts" 20 -i "$footage" -an -vf scale=384:288
    encode "$1/sound.ts" 20 -i "$footage" -f lavfi -i "sine=frequency=330:sample_rate=16000" \
        -map 0:v -map 1:a -t 20 -c:a aac -b:a 32k -ac 1
    ffmpeg -nostdin -v error -y -i "$footage" -t 20 -an -c:v libx265 -preset ultrafast -crf 26 \
        -x265-params "log-level=error:bframes=0:keyint=20:min-keyint=20:scenecut=0:open-gop=0:repeat-headers=1" -f mpegts "$1/hevc.ts" || unencoded hevc.ts
    empty_scene "$1/background.png"
    # Light that wanders by a fifth within seconds, and a sensor's noise.
    crf=27 encode "$1/empty.ts" 20 -loop 1 -framerate 10 -i "$1/background.png" -an -t 40 \
        -vf "eq=eval=frame:brightness='0.08*sin(2*PI*t/20)+0.05*sin(2*PI*t/4)',noise=alls=10:allf=t"
}

# The scene without its people: at each place the middle of what was seen there over the whole footage.
empty_scene() {
    ffmpeg -nostdin -v error -y -i "$tools/footage/vtest.avi" -vf "fps=2,tmedian=radius=76" -frames:v 1 "$1" || unencoded "$1"
}

# 1080p at 15 frames a second with a sensor's noise (2 to 4 Mbit/s). The footage has 10 frames a second: it is played
# half as fast again, so that every frame is a new one.
large_view="crop=768:432:0:40,scale=1920:1080:flags=bicubic,noise=alls=5:allf=t"

# For tests and benchmarks: a camera that always has something to record, with GOPs of 1, 2 and 10 s.
make_busy_loops() {
    loops loops-busy busy_loops "busy-1s.ts busy-2s.ts busy-10s.ts"
}
busy_loops() {
    local gop
    for gop in 1 2 10; do
        # Five persons and more are in view all this time; forth and back, so that nobody jumps where it begins again.
        crf=23 encode "$1/busy-${gop}s.ts" $((15 * gop)) -ss 5 -t 15 -i "$tools/footage/vtest.avi" -an \
            -vf "split[forth][a];[a]reverse[back];[forth][back]concat,setpts=N/15/TB,fps=15,$large_view"
    done
}

# For benchmarks: the same view without its people, and the campus for latencies.
make_bench_loops() {
    loops loops-bench bench_loops "quiet-1s.ts quiet-2s.ts quiet-10s.ts campus-1s.ts campus-10s.ts"
}
bench_loops() {
    local footage=$tools/footage/vtest.avi gop
    encode "$1/campus-1s.ts" 10 -i "$footage" -an
    encode "$1/campus-10s.ts" 100 -i "$footage" -an
    empty_scene "$1/background.png"
    for gop in 1 2 10; do
        crf=23 encode "$1/quiet-${gop}s.ts" $((15 * gop)) -loop 1 -framerate 15 -i "$1/background.png" -an -t 20 -vf "$large_view"
    done
}

# loops NAME FUNCTION FILES: makes them once, links each into .tools/footage/loops.
loops() {
    local name=$1 function=$2 files=$3 at file
    at=$cache/$name-$(fingerprint "$steps/loops.sh" "$steps/pins.sh")
    if [[ ! -d $at ]]; then
        local partial
        partial=$(fresh "$at")
        say "$name: encoding $files"
        "$function" "$partial"
        keep "$at"
    fi
    mkdir -p "$tools/footage/loops"
    for file in $files; do link "footage/loops/$file" "$at/$file"; done
}
