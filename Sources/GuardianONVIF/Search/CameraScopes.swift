import Foundation
import GuardianCore

/// What a camera says about itself in the scopes of its answer (ONVIF Core Specification, 7.3.3.2).
package struct CameraScopes: Equatable {
    package var name: String?
    package var hardware: String?
    package var location: String?
    package var maker: String?
    /// Whether any scope is one of ONVIF's.
    package var areONVIF = false

    private static let prefix = "onvif://www.onvif.org/"

    /// - Parameter text: scopes with white space between them. The first 64 are read.
    package init(_ text: String) {
        var places: [String] = []
        for scope in text.split(whereSeparator: \.isWhitespace).prefix(64) {
            guard scope.utf8.count <= 512, scope.lowercased().hasPrefix(Self.prefix) else { continue }
            areONVIF = true
            let rest = scope.dropFirst(Self.prefix.count)
            guard let slash = rest.firstIndex(of: "/") else { continue }
            let value = Self.plain(rest[rest.index(after: slash)...])
            guard !value.isEmpty else { continue }
            switch rest[..<slash].lowercased() {
            case "name": name = name ?? value
            case "hardware": hardware = hardware ?? value
            // Some divide it as in `location/city/Bonn`.
            case "location": if places.count < 4 { places.append(value) }
            case "manufacturer", "mfr", "vendor", "brand": maker = maker ?? value
            default: break
            }
        }
        if !places.isEmpty { location = places.joined(separator: ", ") }
        maker = maker.map(CameraMaker.named) ?? CameraMaker.known(in: [name, hardware])
    }

    private static func plain(_ text: Substring) -> String {
        let decoded = String(text).removingPercentEncoding ?? String(text)
        let words = PlainText.cut(decoded, bytes: 64).split(whereSeparator: \.isWhitespace)
        return words.joined(separator: " ")
    }
}
