internal import ArgumentParser
internal import Wording

/// The root command.
struct Evidence: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "evidence",
    abstract: say(
      "Keep evidence sealed, see whether it was changed since a head kept elsewhere, and hand parts to those you trust."
    ),
    version: version,
    groupedSubcommands: [
      CommandGroup(
        name: say("Keep"),
        subcommands: [
          Init.self, Add.self, Import.self, Form.self, List.self, Show.self, Get.self, Amend.self, History.self,
          Withdraw.self, ReaderCommand.self, Reseal.self, Verify.self, HeadCommand.self, WitnessCommand.self,
          TimestampCommand.self, AcceptRestored.self,
        ]),
      CommandGroup(name: say("Find and count"), subcommands: [CaseCommand.self, Stats.self, Phrases.self]),
      CommandGroup(name: say("Mend"), subcommands: [Repair.self, Salvage.self]),
      CommandGroup(
        name: say("Hand over"),
        subcommands: [
          Card.self, RecipientCommand.self, Export.self, Disclose.self, Open.self, Receive.self, ReceiptCommand.self,
          KeyCommand.self,
        ]),
      CommandGroup(name: say("Take in elsewhere"), subcommands: [IntakeCommand.self, Collect.self]),
      CommandGroup(name: say("Plumbing"), subcommands: [Seal.self, Unseal.self, SchemaCommand.self]),
    ])

  static let firstScreen = """
    evidence keeps testimony and documents sealed, shows whether anything was changed since a head that was kept
    elsewhere, and hands parts of it to those you trust.

    Keep
      evidence init my.vault                        make a vault
      evidence add scan.pdf recording.wav --kind testimony --title "First account" --set witness.code="Blue Heron" …
      evidence import cases.csv --kind dissolution_case [--dry-run]    many records at once, from a table
      evidence form testimony --add FILES [--draft FILE]    be asked for a record field by field
      evidence list                                 what is in it
      evidence show 3 · evidence get 3 --output DIR  look at an item, take its files out
      evidence amend 3 --set FIELD=VALUE --reason TEXT · evidence history 3    the old record stays
      evidence withdraw 3 --reason TEXT             the witness takes consent back
      evidence reader add NAME age1… --words "…"  who else reads; then evidence reseal
      evidence verify [--deep]                      is everything there, unchanged?
      evidence head                                 a number and eight words, to be kept elsewhere
      evidence verify --expect "WORDS"|FILE         is it still the index whose head you kept?
      evidence witness sign their.head --card their.card    countersign a head of somebody else; add keeps one of yours
      evidence timestamp request · evidence timestamp attach ANSWER --authority CERT.pem   have others say when
      evidence accept-restored                      go on from a backup that you restored on purpose

    Find and count
      evidence list --text WORDS · evidence list --where region=gbao --where "date_decision>=2023"
      evidence case · evidence case CODE            the cases; all there is about one, in order of time
      evidence stats --by region,mode               how many cases, with small counts hidden
      evidence phrases --kind minutes               wording that documents of different organisations share

    Mend
      evidence repair [--from COPY]                 make what is damaged whole again, from a copy of the vault too
      evidence salvage LOST --output NEW.vault      save what opens where the index is lost

    Take in elsewhere
      evidence intake create field.vault --name "North valley"    a vault that cannot read what it takes in
      evidence collect field.vault                  bring what it has taken in into your own vault; twice is harmless

    Hand over
      evidence card > my.card                       your public card, for those who send to you or check what you send
      evidence recipient add "UN desk" their.card --class un_special_procedures
      evidence export 3 5 --to "UN desk" --output bundle.age --preview
      evidence export 3 5 --to "UN desk" --template hrd --sheet DIR --output bundle.age    as a UN form asks
      evidence disclose 3 FIELD --to "UN desk" --output more.age     reveal a field later
      evidence open bundle.age --output DIR --identity my.key --sender "EIGHT WORDS"
      evidence receive bundle.age --sender "EIGHT WORDS"    file a bundle in your own vault; its conditions hold there
      evidence receipt bundle.age --sender "EIGHT WORDS" --output my.receipt    answer it; receipt add files an answer
      evidence key generate --output my.key         a key of your own, if you have no vault
      evidence key next FILE · evidence key rotate --next FILE    replace the signing key; key revoke after a seizure
      evidence key split --threshold 3 --shares 5 --output DIR · evidence key combine    in case the passphrase is lost
      evidence key passphrase [--key-file STICK]    change the passphrase; a file may go with it
      evidence key remove --shares · evidence key restore --shares    no reading key here, before a border for example

    Plumbing
      evidence seal -r age1… FILE · evidence unseal --identity my.key FILE   any age file
      evidence schema testimony                     the fields of a record

    Say --vault PATH or set EVIDENCE_VAULT. evidence COMMAND --help explains a command.
    evidence --generate-completion-script bash (or zsh, fish) makes completions for your shell.
    """

  func run() { Output.line(data: FirstScreen.text(Self.firstScreen)) }
}
