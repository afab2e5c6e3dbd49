import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianMedia

/// The cameras' settings as the section `cameras` of a configuration file.
package enum CameraExport {
    /// Returns the section of the cameras in a state folder, which may be in use.
    ///
    /// - Throws: `notFound` when there are no settings, `dataLoss` when they cannot be read.
    package static func yaml(state: String, withPasswords: Bool) throws -> String {
        let list = try CameraSettingsFiles(
            settings: StateFolder.cameraSettings(in: state), passwords: StateFolder.cameraPasswords(in: state)
        ).peek()
        return try yaml(list, withPasswords: withPasswords)
    }

    package static func yaml(_ list: CameraList, withPasswords: Bool) throws -> String {
        var lines: [String] = []
        if !withPasswords, list.records.contains(where: \.hasPassword) {
            lines.append("# Without passwords: write them into the addresses, as in rtsp://user:password@host/path.")
        }
        lines.append(list.records.isEmpty ? "cameras: []" : "cameras:")
        for record in list.records {
            let camera = record.camera
            func address(_ secret: Secret<String>) throws -> String {
                let text = secret.reveal()
                return try YAMLScalar.quoted(withPasswords ? text : CameraChecks.withoutSecrets(text))
            }
            lines.append("  - id: \(try YAMLScalar.quoted(camera.alias.text))")
            lines.append("    name: \(try YAMLScalar.quoted(camera.name))")
            lines.append("    source: \(try address(camera.source))")
            if let detect = camera.detect { lines.append("    detect: \(try address(detect))") }
            if camera.transport != .tcp { lines.append("    transport: \(camera.transport.rawValue)") }
            if camera.audio { lines.append("    audio: true") }
        }
        return lines.joined(separator: "\n")
    }
}

/// What an address on a command line may hold.
package enum CameraAddressText {
    /// Whether it holds a password.
    package static func holdsSecret(_ text: String) -> Bool { CameraChecks.holdsSecret(text) }
}
