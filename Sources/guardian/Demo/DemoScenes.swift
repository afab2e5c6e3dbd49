import Foundation
import GuardianCore

/// What the demo's cameras show.
struct DemoScenes: Sendable {
    struct Scene: Sendable {
        var alias: String
        var name: String
        var film: String
    }

    let scenes: [Scene]

    /// The demo's own two films, or each of `footage`; with `count`, so many cameras that take turns with the films.
    init(footage: [String], count: Int?) throws {
        let films = footage.isEmpty ? try Self.own() : Self.given(footage)
        scenes = (0..<(count ?? films.count)).map { index in
            let film = films[index % films.count]
            let round = index / films.count + 1
            guard round > 1 else { return film }
            return Scene(alias: "\(film.alias)-\(round)", name: "\(film.name) \(round)", film: film.film)
        }
    }

    private static func own() throws -> [Scene] {
        let scenes = [
            Scene(alias: "campus", name: "Campus path", film: ".tools/footage/loops/campus.ts"),
            Scene(alias: "street", name: "Street", film: ".tools/footage/loops/street.ts"),
        ]
        for scene in scenes where !FileManager.default.isReadableFile(atPath: scene.film) {
            throw GuardianError(
                .failedPrecondition,
                "The demo's footage is not here (\(scene.film)): run make demo in the folder of the source, or name "
                    + "your own with --footage FILE.")
        }
        return scenes
    }

    private static func given(_ footage: [String]) -> [Scene] {
        var used: Set<String> = []
        return footage.enumerated().map { index, file in
            let name = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
            let safe = String(name.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
                .drop { $0 == "-" }.prefix(40)
            var alias = safe.isEmpty ? "film-\(index + 1)" : String(safe)
            if used.contains(alias) { alias += "-film-\(index + 1)" }
            used.insert(alias)
            return Scene(alias: alias, name: String(name.prefix(60)), film: file)
        }
    }
}
