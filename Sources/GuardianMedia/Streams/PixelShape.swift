/// The shape of a stream's pixels. Some cameras squeeze a wide picture into fewer pixels; a player widens it again.
package struct PixelShape: Sendable, Hashable {
    package var width: Int
    package var height: Int

    static let unknown = PixelShape(width: 0, height: 0)

    /// ITU-T H.264, table E-1.
    static let named =
        [
            (0, 0), (1, 1), (12, 11), (10, 11), (16, 11), (40, 33), (24, 11), (20, 11), (32, 11), (80, 33), (18, 11),
            (15, 11), (64, 33), (160, 99), (4, 3), (3, 2), (2, 1),
        ].map { PixelShape(width: $0, height: $1) }

    package init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

    /// Width by height. 1 when it is not specified, or too far from square to be meant.
    var ratio: Double {
        guard width > 0, height > 0 else { return 1 }
        let ratio = Double(width) / Double(height)
        return (0.25...4).contains(ratio) ? ratio : 1
    }

    /// Returns the size at which a frame is shown: never fewer pixels than it has.
    func displaySize(width: Int, height: Int) -> (width: Int, height: Int) {
        // Even numbers, because JPEG halves the colours.
        if ratio > 1 { return (Int((Double(width) * ratio / 2).rounded()) * 2, height) }
        return ratio < 1 ? (width, Int((Double(height) / ratio / 2).rounded()) * 2) : (width, height)
    }
}

extension StreamDescription {
    /// The shape of the pixels by the parameter sets; `nil` when they are square or it is not said.
    var pixel: PixelShape? {
        let shape = ParameterSets(codec: codec, extradata: extradata).sequence?.pixel
        return shape.flatMap { $0.ratio == 1 ? nil : $0 }
    }
}
