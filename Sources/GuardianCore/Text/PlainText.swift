/// Text of a stranger, such as a client or a camera, as it may be stored and shown.
package enum PlainText {
    /// Returns at most so many bytes of a text, whole characters, with control characters replaced by spaces.
    package static func cut(_ text: String, bytes limit: Int) -> String {
        // One character may have any number of bytes, so scalars are counted.
        var result = String.UnicodeScalarView()
        var bytes = 0
        for scalar in text.unicodeScalars {
            let isPlain =
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: false
                default: true
                }
            let scalar = isPlain ? scalar : " "
            bytes += UTF8.width(scalar)
            guard bytes <= limit else { break }
            result.append(scalar)
        }
        return String(result)
    }
}
