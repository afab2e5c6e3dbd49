import GuardianCore

/// What somebody says of what is archived: the configuration file, the file of settings, or a request.
package struct ArchiveForm: Sendable, Hashable, Codable {
    /// The settings that there are; the raw values are members of `archive` in requests.
    package enum Setting: String, CodingKey, CaseIterable, Sendable {
        /// Ids of the cameras whose events are archived; none said: of all.
        case cameras
        /// Limit of the bandwidth in 1,000 bits a second; none said: no limit.
        case kilobits
    }

    /// A value, or that there is to be none.
    package enum Said<Value: Sendable & Hashable>: Sendable, Hashable {
        case value(Value)
        case nothing

        package init(_ value: Value?) { self = value.map(Said.value) ?? .nothing }

        package var value: Value? { if case .value(let value) = self { value } else { nil } }
    }

    /// As in the configuration file.
    static let kilobits = 8...100_000_000

    /// `nil`: nothing is said.
    package var cameras: Said<[CameraAlias]>?
    package var kilobits: Said<Int>?

    package init(cameras: Said<[CameraAlias]>? = nil, kilobits: Said<Int>? = nil) {
        self.cameras = cameras
        self.kilobits = kilobits
    }

    /// - Throws: `DecodingError` for a member that is not known, or of another type: nothing is passed over in silence.
    package init(from decoder: any Decoder) throws {
        try decoder.refuseMembers { Setting(rawValue: $0) == nil }
        let container = try decoder.container(keyedBy: Setting.self)
        if container.contains(.cameras) {
            cameras = .init(try container.decodeIfPresent([CameraAlias].self, forKey: .cameras))
        }
        if container.contains(.kilobits) {
            kilobits = .init(try container.decodeIfPresent(Int.self, forKey: .kilobits))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Setting.self)
        if let cameras { try container.encode(cameras.value, forKey: .cameras) }
        if let kilobits { try container.encode(kilobits.value, forKey: .kilobits) }
    }

    /// Checks what needs no knowledge of the cameras.
    ///
    /// - Throws: `invalidArgument` whose context names the field that is wrong.
    package func check() throws {
        if let chosen = cameras?.value {
            guard !chosen.isEmpty else {
                throw Self.refusal(
                    .cameras, "Choose at least one camera. To archive nothing, stop sealing to everybody's codes.")
            }
            guard chosen.count <= 64, Set(chosen).count == chosen.count else {
                throw Self.refusal(.cameras, "Name each camera once, and at most 64.")
            }
        }
        if let number = kilobits?.value, !Self.kilobits.contains(number) {
            throw Self.refusal(
                .kilobits,
                "This must be a whole number from \(Self.kilobits.lowerBound) to \(Self.kilobits.upperBound), or null.")
        }
    }

    static func refusal(_ setting: Setting, _ message: String) -> GuardianError {
        GuardianError(.invalidArgument, message, context: ["field": "archive.\(setting.rawValue)"])
    }

    func says(_ setting: Setting) -> Bool {
        switch setting {
        case .cameras: cameras != nil
        case .kilobits: kilobits != nil
        }
    }

    /// The names of what it says, in the order of the settings.
    package var names: [String] { Setting.allCases.filter(says).map(\.rawValue) }

    /// Returns what this says, and what `other` says of the rest.
    package func over(_ other: ArchiveForm) -> ArchiveForm {
        ArchiveForm(cameras: cameras ?? other.cameras, kilobits: kilobits ?? other.kilobits)
    }

    /// Returns it without the settings that `fixed` has.
    func apart(from fixed: ArchiveForm) -> ArchiveForm {
        ArchiveForm(
            cameras: fixed.cameras == nil ? cameras : nil, kilobits: fixed.kilobits == nil ? kilobits : nil)
    }

    /// What it says otherwise than `other`, which counts as saying nothing where it says that there is none.
    func differences(from other: ArchiveForm) -> [Setting] {
        Setting.allCases.filter { setting in
            switch setting {
            case .cameras: cameras.map { Set($0.value ?? []) != Set(other.cameras?.value ?? []) } ?? false
            case .kilobits: kilobits.map { $0.value != other.kilobits?.value } ?? false
            }
        }
    }
}
