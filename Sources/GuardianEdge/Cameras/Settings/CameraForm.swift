import GuardianCore
import GuardianMedia

/// What somebody says of a camera that is to be added or changed, before it is checked.
package struct CameraForm: Sendable {
    /// Its alias; `nil`: made of the name.
    package var id: String?
    package var name: String?
    package var source: String?
    /// Empty: none.
    package var detect: String?
    package var username: String?
    package var password: Secret<String>?
    package var transport: CameraConfiguration.Transport?
    package var audio: Bool?
    package var isPaused: Bool?

    package init(name: String? = nil, source: String? = nil) {
        self.name = name
        self.source = source
    }

    /// Returns a new camera.
    ///
    /// - Parameter alias: its alias.
    /// - Throws: `invalidArgument` whose context names the field that is wrong.
    package func camera(_ alias: CameraAlias) throws -> CameraConfiguration {
        guard let source, !source.isEmpty else {
            throw CameraConfiguration.refusal("source", "The address is missing: write rtsp://…")
        }
        let address = try login(nil, to: try checked(source, "source"), "source")
        return try CameraConfiguration(
            alias: alias, name: name ?? alias.text, source: address, detect: try stream(detect, old: nil, of: address),
            transport: transport ?? .tcp, audio: audio ?? false)
    }

    /// Returns a camera with these changes; what is not said stays. A password stays only with the host and port that it was
    /// given for.
    ///
    /// - Throws: `invalidArgument` whose context names the field that is wrong.
    package func changing(_ old: CameraConfiguration) throws -> CameraConfiguration {
        let text = source.flatMap { $0.isEmpty ? nil : $0 }
        let address = try text.map { try kept($0, old.source, "source") } ?? old.source
        let whole = try login(old.source, to: address, "source")
        return try CameraConfiguration(
            alias: old.alias, name: name ?? old.name, source: whole,
            detect: try stream(detect, old: old.detect, of: whole), transport: transport ?? old.transport,
            audio: audio ?? old.audio)
    }

    private func stream(
        _ text: String?, old: Secret<String>?, of source: Secret<String>
    ) throws -> Secret<String>? {
        if text?.isEmpty == true { return nil }
        guard let address = try text.map({ try kept($0, old ?? source, "detect") }) ?? old else { return nil }
        // One login is good for both streams of a camera, and for no other place.
        let bare = CameraChecks.withoutSecrets(address.reveal())
        guard username != nil || password != nil else {
            return RTSPAddress.keepingLogin(of: source.reveal(), in: address.reveal()) ?? address
        }
        return RTSPAddress.keepingLogin(of: source.reveal(), in: bare) ?? address
    }

    private func kept(_ text: String, _ old: Secret<String>, _ field: String) throws -> Secret<String> {
        if CameraChecks.withoutSecrets(old.reveal()) == text { return old }
        let address = try checked(text, field)
        return RTSPAddress.keepingLogin(of: old.reveal(), in: text) ?? address
    }

    private func checked(_ text: String, _ field: String) throws -> Secret<String> {
        if let flaw = CameraChecks.flaw(ofAddress: text) {
            throw CameraConfiguration.refusal(field, "The address \(flaw).")
        }
        // What the API shows instead of a password.
        guard !text.contains("=…") else {
            throw CameraConfiguration.refusal(field, "The address has … instead of a password: write all of it.")
        }
        return Secret(text)
    }

    /// Puts the login that was given into an address.
    private func login(
        _ old: Secret<String>?, to address: Secret<String>, _ field: String
    ) throws -> Secret<String> {
        guard username != nil || password != nil else { return address }
        guard !CameraChecks.isFile(address.reveal()) else {
            throw CameraConfiguration.refusal("username", "A file has no user name and password.")
        }
        let known = (try? RTSPAddress(address.reveal()))?.user ?? old.flatMap { (try? RTSPAddress($0.reveal()))?.user }
        guard let user = username ?? known, !user.isEmpty else {
            throw CameraConfiguration.refusal("username", "A password needs a user name.")
        }
        guard user.utf8.count <= 256, password?.reveal().utf8.count ?? 0 <= 256 else {
            throw CameraConfiguration.refusal("password", "User name and password have 256 bytes at most.")
        }
        do throws(RTSPAddress.Flaw) {
            return try RTSPAddress.adding(user: user, password: password, to: address.reveal())
        } catch {
            throw CameraConfiguration.refusal(field, "The address \(error.text).")
        }
    }

    /// The alias that was chosen, or one made of the name that no camera ever had: another's footage must not become this one's.
    ///
    /// - Throws: `invalidArgument` whose context names the field.
    package func alias(apartFrom taken: some Collection<CameraAlias>) throws -> CameraAlias {
        if let id {
            guard let alias = CameraAlias(id) else {
                throw CameraConfiguration.refusal("id", "The id must be \(CameraChecks.aliasForm).")
            }
            guard !CameraChecks.reservedAliases.contains(id) else {
                throw CameraConfiguration.refusal("id", "The id \(id) is a word of the API: choose another one.")
            }
            return alias
        }
        guard let name, CameraChecks.name(name) != nil else {
            throw CameraConfiguration.refusal("name", "The name must be \(CameraChecks.nameForm).")
        }
        let base = Self.slug(name)
        for number in 1...1_000 {
            if let alias = CameraAlias(number == 1 ? base : "\(base)-\(number)"), !taken.contains(alias),
                !CameraChecks.reservedAliases.contains(alias.text)
            {
                return alias
            }
        }
        throw CameraConfiguration.refusal("id", "Choose an id: \(CameraChecks.aliasForm).")
    }

    /// Letters and digits of the name in ASCII, without accents, joined by dashes; `camera` when there are none.
    private static func slug(_ name: String) -> String {
        let plain = name.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars.compactMap {
            scalar -> Character? in
            switch scalar.properties.generalCategory {
            case .nonspacingMark: nil
            default:
                scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    ? Character(scalar) : "-"
            }
        }
        let words = String(plain).split(separator: "-").joined(separator: "-")
        // Room for a number.
        let short = words.prefix(56)
        return short.isEmpty ? "camera" : String(short)
    }
}
