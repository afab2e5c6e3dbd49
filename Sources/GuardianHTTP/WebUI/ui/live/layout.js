/** The largest fraction of a picture that may be cropped to fill a tile. Beyond it, the picture is shown whole with margins. */
export const mostCut = 0.26;

/** The fraction of a picture that is cropped when it fills a tile of another aspect ratio. */
export const cut = (picture, tile) => 1 - Math.min(picture / tile, tile / picture);

/**
 * Finds the number of columns and the tile size with which pictures of these aspect ratios show the largest visible area
 * in the given space.
 */
export function arrange(shapes, width, height, gap) {
    let best = { columns: 1, tileWidth: width, tileHeight: width / shapes[0], area: 0 };
    for (let columns = 1; columns <= shapes.length; columns += 1) {
        const rows = Math.ceil(shapes.length / columns);
        const cellWidth = (width - gap * (columns - 1)) / columns;
        const cellHeight = (height - gap * (rows - 1)) / rows;
        if (cellWidth < 40 || cellHeight < 30) continue;
        for (const tile of [cellWidth / cellHeight, 4 / 3, 3 / 2, 16 / 10, 16 / 9, 2]) {
            const tileWidth = Math.min(cellWidth, cellHeight * tile);
            const tileHeight = tileWidth / tile;
            const shown = shapes.reduce((sum, shape) => {
                const lost = cut(shape, tile);
                return sum + (lost <= mostCut ? 1 - lost * 1.1 : (1 - lost) * 0.8);
            }, 0);
            const area = tileWidth * tileHeight * shown;
            if (area > best.area * 1.001) best = { columns, tileWidth, tileHeight, area };
        }
    }
    return best;
}

/** The position of each tile in such a grid, centred horizontally. */
export function grid(shapes, width, height, gap) {
    const { columns, tileWidth, tileHeight } = arrange(shapes, width, height, gap);
    const left = Math.max(0, (width - (tileWidth + gap) * columns + gap) / 2);
    return shapes.map((_, index) => ({
        left: left + (index % columns) * (tileWidth + gap), top: Math.floor(index / columns) * (tileHeight + gap),
        width: tileWidth, height: tileHeight,
    }));
}

/** The layout for narrow screens: one column for up to three cameras, two for more; it may be higher than the screen. */
export function narrow(shapes, width, gap) {
    const columns = shapes.length > 3 ? 2 : 1;
    const tileWidth = (width - gap * (columns - 1)) / columns;
    const tileHeight = tileWidth / (columns === 1 ? Math.max(4 / 3, Math.min(...shapes)) : 4 / 3);
    return shapes.map((_, index) => ({
        left: (index % columns) * (tileWidth + gap), top: Math.floor(index / columns) * (tileHeight + gap),
        width: tileWidth, height: tileHeight,
    }));
}

/** One picture large and uncropped, the others in a strip below in their order. */
export function full(shapes, chosen, width, height, gap, isNarrow) {
    const others = shapes.length - 1;
    const columns = Math.min(others, isNarrow ? 3 : 8);
    const stripWidth = others ? Math.min((width - gap * (columns - 1)) / columns, 148) : 0;
    const stripHeight = stripWidth / (16 / 10);
    const rows = others ? Math.ceil(others / columns) : 0;
    const room = isNarrow ? Infinity : Math.max(160, height - rows * (stripHeight + gap));
    const mainWidth = Math.min(width, room * shapes[chosen]);
    const mainHeight = mainWidth / shapes[chosen];
    const inset = (width - mainWidth) / 2;
    const stripLeft = Math.max(0, Math.min(inset, width - columns * (stripWidth + gap) + gap));
    let place = 0;
    return shapes.map((_, index) => {
        if (index === chosen) return { left: inset, top: 0, width: mainWidth, height: mainHeight };
        const column = place % columns;
        const row = Math.floor(place / columns);
        place += 1;
        return {
            left: stripLeft + column * (stripWidth + gap), top: mainHeight + gap + row * (stripHeight + gap),
            width: stripWidth, height: stripHeight,
        };
    });
}
