/// Makers' names as cameras write them in their answers.
package enum CameraMaker {
    /// In the spelling that is shown. Longer ones stand before those that they contain.
    private static let names = [
        "Hikvision", "Dahua", "Axis", "Reolink", "Amcrest", "Bosch", "Hanwha", "Samsung", "Uniview", "TP-Link", "Tapo",
        "Vivotek", "Foscam", "Ubiquiti", "Panasonic", "i-PRO", "Sony", "Mobotix", "Avigilon", "Pelco", "Lorex", "Annke",
        "Milesight", "Tiandy", "GeoVision", "ACTi", "Grandstream", "EZVIZ", "D-Link", "Imou", "Swann", "Honeywell",
        "Canon", "Arecont", "Basler", "Sricam", "Trendnet", "Zavio", "LevelOne", "Abus", "Instar", "IPyCam",
    ]

    /// Returns the spelling that is shown of a maker that a camera names.
    package static func named(_ text: String) -> String {
        names.first { $0.lowercased() == text.lowercased() } ?? text
    }

    /// Returns the maker that one of the texts has as a word of its own. `HIKVISION DS-2CD` is one, `Axisymmetric` is none.
    package static func known(in texts: [String?]) -> String? {
        for text in texts.compactMap({ $0?.lowercased() }) {
            let words = text.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init)
            if let name = names.first(where: { words.contains($0.lowercased()) }) { return name }
        }
        return nil
    }
}
