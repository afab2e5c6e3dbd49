/// What the audit log tells of. The raw values stand in entries, and so never change.
public enum AuditAction: String, Hashable, Sendable, Codable, CaseIterable {
    case setupBegun = "setup_begun"
    case setupCompleted = "setup_completed"
    case login
    case loginFailed = "login_failed"
    case loginThrottled = "login_throttled"
    /// Somebody who is logged in gave a wrong current password or code.
    case proofFailed = "proof_failed"
    /// Somebody who is logged in wanted what they may not do.
    case accessRefused = "access_refused"
    case loginLinkMade = "login_link_made"
    case logout
    case sessionRevoked = "session_revoked"
    case sessionsRevoked = "sessions_revoked"
    case accountCreated = "account_created"
    case accountChanged = "account_changed"
    case accountRemoved = "account_removed"
    case passwordChanged = "password_changed"
    /// By somebody else than the person.
    case passwordReset = "password_reset"
    case secondFactorOn = "second_factor_on"
    case secondFactorOff = "second_factor_off"
    case recoveryCodeUsed = "recovery_code_used"
    case recoveryCodesRenewed = "recovery_codes_renewed"
    case passkeyAdded = "passkey_added"
    case passkeyRenamed = "passkey_renamed"
    case passkeyRemoved = "passkey_removed"
    /// A right signature whose counter went back: two authenticators have the same key.
    case passkeyCopied = "passkey_copied"
    case tokenCreated = "token_created"
    case tokenRevoked = "token_revoked"
    /// Of other rooms, which record them with `AuditLog.record`.
    case cameraAdded = "camera_added"
    case cameraChanged = "camera_changed"
    case cameraRemoved = "camera_removed"
    /// A login that somebody typed was sent to cameras, to find out whether it is theirs.
    case cameraLoginTried = "camera_login_tried"
    case settingsChanged = "settings_changed"
    case recipientsChanged = "recipients_changed"
    case nodeChanged = "node_changed"
    /// The node fetched a recording for somebody who watches there.
    case footageSent = "footage_sent"
    case footageErased = "footage_erased"
    /// Older entries were removed; this entry names the last of them.
    case auditCut = "audit_cut"
}
