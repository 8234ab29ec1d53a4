#!/bin/sh
# Make the seeds: a few seconds of a wavering tone that comes and goes, as speech does.
# Needs ffmpeg (with libx264) and lame. The bench itself needs neither.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tone() { # seconds, file
    ffmpeg -v error -y -f lavfi -i "aevalsrc='0.4*sin(2*PI*(180+40*sin(5*t))*t)*lt(mod(t,1.1),0.8)+0.05*(random(0)-0.5)*lt(mod(t,0.7),0.4)':s=44100:d=$1" \
        -ac 1 "$work/$2"
}
bare="-map_metadata -1 -fflags +bitexact -flags:a +bitexact -flags:v +bitexact"

tone 3 short.wav
lame --quiet -t --nores --cbr -b 32 -m m --resample 44.1 "$work/short.wav" cbr.mp3
lame --quiet -t --nores -V 6 -m m --resample 44.1 "$work/short.wav" vbr.mp3

tone 4 four.wav
tone 7 seven.wav
ffmpeg -v error -y -i "$work/four.wav" $bare -c:a aac -b:a 32k four.m4a
ffmpeg -v error -y -i "$work/seven.wav" $bare -c:a aac -b:a 32k seven.m4a

ffmpeg -v error -y -f lavfi -i color=c=0x24476b:s=192x108:r=5:d=7 -i "$work/seven.wav" $bare \
    -c:v libx264 -preset slow -pix_fmt yuv420p -bsf:v "filter_units=remove_types=6" \
    -c:a aac -b:a 32k seven.mp4
ffmpeg -v error -y -i "$work/seven.wav" $bare -c:a libopus -b:a 20k seven.opus
