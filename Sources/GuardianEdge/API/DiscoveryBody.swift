import GuardianCore
import GuardianHTTP
import GuardianONVIF

/// Finds cameras, or asks those that were chosen.
package struct DiscoveryBody: JSONBody, Encodable {
    package static let members = ["seconds", "addresses", "maker", "username", "password", "allowClearText"]

    /// Of the search.
    package var seconds: Int?
    /// Missing: the networks are searched.
    package var addresses: [String]?
    /// The login is tried on the cameras of this maker only.
    package var maker: String?
    package var username: String?
    package var password: String?
    package var allowClearText: Bool?

    package init(seconds: Int? = nil, addresses: [String]? = nil) {
        (self.seconds, self.addresses) = (seconds, addresses)
    }

    /// Bytes of a user's name and of a password: as for cameras that are saved.
    private static let loginLimit = 256
    private static let makerLimit = 64

    /// - Throws: `invalidArgument` whose context names the member that is wrong.
    func inquiry() throws -> CameraInquiry {
        let seconds = seconds ?? CameraInquiry.usualSeconds
        guard CameraInquiry.seconds.contains(seconds) else {
            throw Self.refusal("seconds", "A search takes from 1 to 30 seconds.")
        }
        let login = try login()
        guard let addresses = try cameras() else {
            guard login == nil, maker == nil, allowClearText != true else {
                throw Self.refusal(
                    "addresses", "A login is tried on cameras that you choose only: give their addresses.")
            }
            return .search(.seconds(seconds))
        }
        if let maker {
            guard let login else {
                throw Self.refusal("username", "Give the user name and the password that the maker's cameras share.")
            }
            guard (1...Self.makerLimit).contains(maker.utf8.count) else {
                throw Self.refusal("maker", "Write the maker's name as a search found it.")
            }
            guard allowClearText != true else {
                throw Self.refusal(
                    "allowClearText", "A password for several cameras is never sent in clear text: ask each alone.")
            }
            let password = CameraInquiry.PasswordForMaker(
                maker: maker, name: login.name, password: login.password)
            return .trial(password, addresses, search: .seconds(seconds))
        }
        guard login == nil || addresses.count == 1 else {
            throw Self.refusal(
                "maker", "Say of which maker the cameras are, or give one address: a login is not tried on all cameras."
            )
        }
        guard login != nil || allowClearText != true else {
            throw Self.refusal("allowClearText", "Without a login there is nothing to send in clear text.")
        }
        return .streams(addresses, login)
    }

    private func login() throws -> CameraLogin? {
        guard username != nil || password != nil else { return nil }
        guard let username, !username.isEmpty else {
            throw Self.refusal("username", "A password needs a user name.")
        }
        guard let password else { throw Self.refusal("password", "A user name needs a password.") }
        guard username.utf8.count <= Self.loginLimit else {
            throw Self.refusal("username", "A user name has \(Self.loginLimit) bytes at most.")
        }
        guard password.utf8.count <= Self.loginLimit else {
            throw Self.refusal("password", "A password has \(Self.loginLimit) bytes at most.")
        }
        return CameraLogin(name: username, password: Secret(password), allowsClearText: allowClearText ?? false)
    }

    private func cameras() throws -> [CameraAddress]? {
        guard let addresses else { return nil }
        guard (1...CameraInquiry.limit).contains(addresses.count) else {
            throw Self.refusal("addresses", "Give from 1 to \(CameraInquiry.limit) addresses, or none to search.")
        }
        return try addresses.map { text in
            do throws(GuardianError) { return try CameraAddress(text) } catch {
                throw Self.refusal("addresses", error.message)
            }
        }
    }

    private static func refusal(_ field: String, _ message: String) -> GuardianError {
        CameraConfiguration.refusal(field, message)
    }
}
