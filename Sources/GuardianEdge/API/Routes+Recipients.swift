import GuardianArchive
import GuardianCore
import GuardianHTTP
import GuardianIdentity
import Hummingbird

/// A recipient to add. It has nothing of the recovery code: that stays where it was made.
struct NewRecipientBody: JSONBody {
    static let members = ["name", "key"]

    var name: String
    /// The recipient's line, `guardian-recipient:…`.
    var key: String
}

extension Routes {
    /// Records in the audit log that somebody is about to add a recipient, or to remove one.
    typealias RecipientAudit =
        @Sendable (_ by: Caller, _ change: String, _ recipient: NamedRecipient) async throws -> Void

    /// Adds the routes of those who can open what is archived.
    ///
    /// - Parameter audit: `nil` where nobody logs in.
    mutating func addRecipients(_ sources: EdgeSources, audit: RecipientAudit?) {
        get("/api/v1/config/recipients", needs: .mayForAllCameras(.manageSettings)) { _ in
            try JSON.response(RecipientsView(try sources.requireSettings(), hasNode: sources.hasNode))
        }
        post("/api/v1/config/recipients", needs: .mayForAllCameras(.manageSettings)) { web in
            try web.caller.requirePerson(to: "change who opens the archive")
            let settings = try sources.requireSettings()
            let body = try await web.body(as: NewRecipientBody.self)
            let added = try await settings.addRecipient(body.key, name: body.name) { recipient in
                try await audit?(web.caller, "added", recipient)
            }
            return try JSON.response(RecipientsView.Recipient(added), status: .created)
        }
        delete("/api/v1/config/recipients/{id}", needs: .mayForAllCameras(.manageSettings)) { web in
            try web.caller.requirePerson(to: "change who opens the archive")
            let settings = try sources.requireSettings()
            guard let id = RecipientKeyID(try web.path("id")) else {
                throw GuardianError(
                    .notFound, "A recipient is named by its keyId, 11 characters such as xeWMB96xMYk.")
            }
            try await settings.removeRecipient(id) { try await audit?(web.caller, "removed", $0) }
            return Response(status: .noContent)
        }
    }
}

extension RecipientsView {
    init(_ settings: EdgeSettingsStore, hasNode: Bool) {
        self.init(
            items: settings.recipients.map { Recipient($0) }, limit: EdgeSettingsStore.mostRecipients, node: hasNode)
    }
}

extension RecipientsView.Recipient {
    init(_ named: NamedRecipient) {
        self.init(
            keyId: named.recipient.keyID.text, kem: named.recipient.kem.rawValue, name: named.name,
            addedAt: named.addedAt?.moment, fixed: named.isFixed)
    }
}
