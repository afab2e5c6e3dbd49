import Foundation
import GuardianCore

/// What the demo's cameras show.
struct DemoScenes: Sendable {
    struct Scene: Sendable {
        var alias: String
        var name: String
        var file: String
    }

    let scenes: [Scene]

    /// Uses the demo's own two video files, or those of `footage`. With `count` there are that many cameras, which use
    /// the files in turn.
    init(footage: [String], count: Int?) throws {
        let scenes = footage.isEmpty ? try Self.own() : Self.given(footage)
        self.scenes = (0..<(count ?? scenes.count)).map { index in
            let scene = scenes[index % scenes.count]
            let round = index / scenes.count + 1
            guard round > 1 else { return scene }
            return Scene(alias: "\(scene.alias)-\(round)", name: "\(scene.name) \(round)", file: scene.file)
        }
    }

    private static func own() throws -> [Scene] {
        let scenes = [
            Scene(alias: "campus", name: "Campus path", file: ".tools/footage/loops/campus.ts"),
            Scene(alias: "street", name: "Street", file: ".tools/footage/loops/street.ts"),
        ]
        for scene in scenes where !FileManager.default.isReadableFile(atPath: scene.file) {
            throw GuardianError(
                .failedPrecondition,
                "The demo's footage is missing (\(scene.file)): run make demo in the source folder, or name your own "
                    + "with --footage FILE.")
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
            return Scene(alias: alias, name: String(name.prefix(60)), file: file)
        }
    }
}
