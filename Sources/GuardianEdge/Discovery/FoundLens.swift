import GuardianHTTP

/// One lens of a camera that was found, as a camera that can be saved.
package struct FoundLens: Sendable {
    /// What people see; as the camera calls itself.
    package var name: String
    package var source: String
    package var detect: String?

    package init(name: String, source: String, detect: String?) {
        (self.name, self.source, self.detect) = (name, source, detect)
    }

    /// Gives each lens a name that is not taken, as people would: "Yard", "Yard 2".
    package static func named(_ lenses: [FoundLens], besides taken: [String]) -> [FoundLens] {
        var used = Set(taken)
        return lenses.map { lens in
            var lens = lens
            let name = lens.name
            var number = 2
            while !used.insert(lens.name).inserted {
                let end = " \(number)"
                lens.name = name.prefix(CameraChecks.longestName - end.count) + end
                number += 1
            }
            return lens
        }
    }
}

extension FoundCameraView {
    /// What it calls itself, else what it is.
    package var title: String {
        let kind = [maker, model].compactMap { $0 }.joined(separator: " ")
        return name ?? (kind.isEmpty ? "Camera" : kind)
    }

    /// What can be saved of a camera that told its streams.
    package var lenses: [FoundLens] {
        streams.enumerated().map { index, stream in
            let text = streams.count == 1 ? title : "\(title) \(stream.name ?? "\(index + 1)")"
            // Nobody has checked what a camera calls itself.
            let name = CameraChecks.name(String(text.prefix(CameraChecks.longestName)))
            return FoundLens(name: name ?? "Camera", source: stream.source, detect: stream.detect)
        }
    }
}
