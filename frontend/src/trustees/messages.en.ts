/**
 * The English words of the trustees' page.
 */
import { longDay, number } from "../wording.ts";
import type { Messages } from "./messages.da.ts";

const ROLES = {
  employees: "the employees' representative",
  management: "management's representative",
  secretariat: "the alliance's secretariat",
  other: "another person of trust",
} as const;

export const en: Messages = {
  pageTitle: "Trustees",
  skipToContent: "Skip to content",
  demo: "This is a demo. Every organisation and every respondent in it is invented.",
  program: "The program of this page, SHA-256:",
  languages: "Languages",
  otherLanguage: "Dansk",
  loading: "One moment …",
  tryAgain: "Try again",
  back: "Back to the surveys",
  next: "Next",
  error: "Error",
  role: (role) => ROLES[role],
  day: (day) => longDay(day, "en-GB"),
  count: (value) => number(value, "en-GB"),
  computing: (share) => `Working on your words … ${Math.round(share * 100)}%`,

  server: {
    title: "That could not be done",
    offline: "The server cannot be reached. Nothing was sent. Check your connection, and try again.",
    not_signed_in: "The server does not know your invitation. If the link is whole, ask whoever invited you for a new one.",
    already_enrolled: "There is another key in your place already. If it is not yours, tell the secretariat.",
    wrong_state: "The survey has moved on, and this cannot be done now. Go back and see where it stands.",
    wrong_list: "The server has another list than the one your browser saw. Nothing was approved. Try again, and ring the others if it goes on.",
    confirmation_refused: "The server does not recognise your proof. Your key may be older than the one the survey is built on.",
    custody_not_ready: "The program that is to open the answers has not started yet. Try again later.",
    other: "The server refused. Nothing was sent. Try again in a little while.",
  },

  refused: {
    title: "Approve nothing",
    after: "Nothing was sent. Ring the other trustees and the secretariat, and read out to them what it says here.",
    reasons: {
      unreadable: "The server sent something that is not a survey's promises.",
      other_custody: "The promises are not signed by the custody program whose fingerprint you know.",
      not_signed: "A signature does not hold: the custody program did not sign what the server shows.",
      other_wave: "The server showed another survey than the one you asked for.",
      not_among_trustees: "Your key is not among those this survey is locked with.",
      papers_do_not_open: "The codes for answers on paper do not unlock. They were not made for your key and these promises.",
      share_does_not_open: "Your part of the key does not unlock. It was not made for your key and these promises.",
      other_questionnaire: "The questions are not those the promises name.",
      other_promises: "The promises are not those you confirmed. Somebody has changed them.",
      not_confirmed:
        "Your key file does not know this survey. If you have a newer file, open that: the one with the highest number is the newest.",
      not_asked: "The custody program has not asked for your part yet.",
      other_list: "The list belongs to another survey.",
      second_list: "You approved another list before. A new one, with one answer more or less, would give that answer away.",
    },
  },

  start: {
    title: "Open with your key file",
    text: "Choose the file you kept, and type the six words from your paper. Both stay in your browser.",
    newest: "If you have several files, choose the one with the highest number.",
    file: "Your key file",
    words: "The six words",
    wordsHint: "Capitals and extra spaces do not matter.",
    show: "Show the words",
    open: "Open",
    no_key_file: "This is not a key file, or it was changed. Choose the file you kept.",
    other_server: (server) => `This key file belongs to ${server}, not to this page. Use the address in the file.`,
    wrong_passphrase: "The words do not open the file. Type the six words as they stand on your paper.",
    unknown: (words) => `Not in the list of words: ${words}. Look at your paper.`,
    missing: "Choose the file, and type the six words.",
    firstTime: "If this is the first time, use the link in the e-mail you got.",
    copy: "Fetch the copy from the server",
    copyText: "You asked us to keep a copy of your key file. If you do not have the file, open the copy with the six words.",
    copyFault: "This copy is not the one you left. Do not use it. Tell the secretariat.",
    lost: "Have you lost the file or the words?",
    lostText:
      "Tell whoever runs the surveys at once. You get a new link and make a new key. Surveys that are not yet open for answers can begin again with the new key. The others must do with the keys that are left.",
  },

  enrol: {
    above: (organisation) => organisation,
    title: (name) => (name ? `Welcome, ${name}` : "Welcome"),
    asked: (role) => `You are asked to hold a part of the key to the answers, as ${role}.`,
    points: [
      "Alone you can open nothing, and nobody can without you: it takes several of you, and it is done once, when the survey has closed.",
      "Before it opens for answers, this page shows what people are promised. Confirm only if it is right.",
      "At the end you say yes or no to the opening. You may say no, and you say why.",
      "Your key is made here in your browser. You get a file and six words. None of us has them, and nobody can give you them again.",
    ],
    own: "Use a computer of your own. A phone will do, but you must find the file again in some months.",
    begin: "Make my key",
    wordsTitle: "Write the six words down",
    wordsText: "On paper, in this order. They are shown this once. Keep the paper away from the file.",
    wordsLabel: "Your six words",
    written: "I have written them down",
    typeTitle: "Type the words from your paper",
    typeText: "Then we are both sure that they are right.",
    different: "These are not the six words. Look at your paper, or go back and see them again.",
    seeAgain: "See the words again",
    make: "Make the key",
    saveTitle: "Save your key file",
    saveText: "The file is locked with the six words. Save it where you will find it in a year, and keep a copy, on a USB stick say.",
    doneTitle: "Your key is ready",
    doneText: "Compare the two fingerprints without this page: ring the other trustees and the secretariat.",
    own_fingerprint: "Your key's fingerprint",
    own_why: "The secretariat asks for it, so that nobody else can sit in your place.",
    custody_fingerprint: "The custody program's fingerprint",
    custody_why: "It must be the same for all of you. Otherwise somebody stands in between.",
    toWaves: "See the surveys",
  },

  save: {
    download: "Save the file",
    again: "Choose the file you just saved",
    why: "We read it through, to know that it is on your computer and can be opened. The page itself remembers nothing.",
    named: (name) => `It is called ${name}.`,
    different: "This is not the file you just saved. Save it again, and choose the new one.",
    kept: "The file is saved.",
  },

  copy: {
    title: "A copy with us?",
    text: "We can keep a copy of the locked file, if you ask us to. Only your six words open it. On the other hand, a thief who has our database can guess at the words at leisure.",
    keep: "Keep a copy with you",
    forget: "Erase the copy with you",
    kept: "We keep a copy. It follows when your file changes.",
    none: "We have no copy.",
  },

  waves: {
    title: "Surveys that depend on you",
    none: "There are none yet. You get an e-mail when there is something to confirm.",
    look: "See the promises, and what you can do",
    lookAt: (organisation) => `See the promises, and what you can do: ${organisation}`,
    refresh: "Look again",
    close: "Lock and close",
    me: (role) => `You are here as ${role}.`,
    state: {
      draft: "It is being planned.",
      ceremony: "The key is made. It waits for all trustees to confirm.",
      ready: "Everybody has confirmed. It opens for answers soon.",
      fielding: "It is open for answers.",
      closed: "It is closed for answers.",
      opening: "The custody program asks for your parts of the key.",
      released: "The result is made. The answers wait to be erased.",
      destroyed: "Erased: the locked answers, your parts of the key and custody's part. Nobody can open them again.",
      cancelled: "Cancelled before it opened for answers.",
    },
    period: (first, last) => `${first} – ${last}.`,
    toConfirm: "Waits for you to confirm",
    toApprove: "Waits for your yes or no",
    toProve: "Show that your key still works",
    approved: "You said yes to the opening.",
    declined: "You said no to the opening.",
    waits: {
      vouching: "The program that opens answers does not know the secretariat's key yet. The secretariat reads its fingerprint out to whoever runs the machines.",
      later_days: "The survey cannot begin: it follows less than half a year after the organisation's last one. It has to be planned again.",
      destruction: "There are more answers than people who were asked. They are never opened, and erased when their time is over. Ring the others.",
      operator: "The program that opens answers cannot go on with this survey. Whoever runs the machines sees why in its log.",
    },
    danger: {
      none: () => "",
      unproven: ({ proven, quorum }) =>
        `Only ${proven} have lately shown that their key works, and it takes ${quorum}. Show that yours does, and remind the others.`,
      last: ({ able, quorum }) =>
        `There are ${able} keys left, and it takes ${quorum}. If one more is lost, the answers can never be opened.`,
      lost: ({ able, quorum }) =>
        `Only ${able} can or will open, and it takes ${quorum}. The answers cannot be opened, and are erased unopened unless one of those who said no says yes.`,
    },
  },

  wave: {
    above: "This is what people are promised",
    checked: "Your browser has checked that the promises are signed by the custody program you know.",
    known: "They are those you confirmed.",
    counts: {
      title: "Who is asked, and how many",
      text: "Count: do you know the departments, and are the numbers right? A department with invented colleagues would stand alone with one real answer.",
      unit: "Department or group",
      people: "People",
      all: "Invited in all",
      anyone: "everybody who has the link",
      paper: "May answer on paper",
    },
    prints: {
      title: "Fingerprints",
      manifest: "The promises",
      manifestWhy: "The same as on people's cards and with the other trustees.",
      keys: "The keys this survey is locked with",
      keysWhy: "Ring each of the others, and let them read out their fingerprint. If one does not fit, a stranger sits in that place.",
      you: (role) => `You, ${role}`,
    },
    confirm: {
      title: "Confirm the promises",
      text: "Confirm only if the organisation, the departments and the numbers are those you know. Afterwards nobody can change the promises.",
      check: "I know the promises, the departments and the numbers",
      heard: "Each of the other trustees has read me their fingerprint, and they are the ones shown here",
      anyone: "I know that the survey is open: everybody who has the link or sees the poster can answer, also several times",
      real: (count) => `I know that the ${count} people invited are real, and all who may answer`,
      joined: (organisations, largest) =>
        `I know that they belong to ${organisations} organisations, that none has over ${largest} people, and that no group is one organisation alone`,
      unchecked: "Tick every box when you have checked.",
      begin: "Confirm",
      saveTitle: "Save your new key file",
      saveText: "The file now remembers the promises, so that nobody can give you others. Your confirmation is sent when the file is saved.",
      done: "You have confirmed. Thank you.",
    },
    prove: {
      title: "Does your key still work?",
      text: "Show it once a month, so that a lost key is noticed in time. It opens nothing.",
      recently: "It was seen to work within the last month.",
      button: "Show that it works",
      done: "Your key works. Thank you.",
    },
    approve: {
      title: "Yes or no to the opening",
      text: "The custody program has gone through every answer and signed the list of those that count. If you say yes, it gets your part of the key, for that list alone.",
      counted: "Answers that count",
      received: "Answers that came in",
      withdrawn: "Withdrawn",
      rejected: "Rejected",
      invited: "Invited",
      more: "More answers came in than people were invited. Say no, and ask the secretariat.",
      yes: "Yes, open the answers",
      no: "No …",
      saveTitle: "Save your new key file",
      saveText: "The file now remembers the list. It is the only one you can ever approve. Your yes is sent when the file is saved.",
      done: "Your yes is sent.",
      again: "You have said yes. If you are asked again, it is for the same list: the custody program was started anew.",
    },
    decline: {
      title: "No to the opening",
      text: "Say why. Whoever runs the survey can read it.",
      label: "Your reason",
      missing: "Write a reason.",
      long: "At most 1,000 characters.",
      consequence: (after, quorum) =>
        after < quorum
          ? `If you say no, only ${after} are left, and it takes ${quorum}. Then the answers cannot be opened, and are erased unopened 60 days after closing, unless one of you has a change of mind.`
          : `If you say no, the others can still open the answers: it takes ${quorum}, and ${after} are left.`,
      send: "Send my no",
      cancel: "Go back",
      done: "Your no is sent. If you change your mind, you can say yes as long as the answers are not erased.",
      mine: "You said no:",
    },
    released: (day) => `The answers are opened and counted. They are erased on ${day} at the latest.`,
    closedUnopened: (day) => `If they are not opened, they are erased unopened on ${day}.`,
  },

  papers: {
    title: "Answers on paper",
    text: (count) => `The survey has room for ${count} answers on paper. You are one of those who may type them in.`,
    open: "Type papers in",
    leave: "Back to the survey",
    alone: "Sit alone, at a machine of your own. You read what is on the paper, and may know the handwriting: do not speak of it, now or later.",
    shuffle: "Shuffle the papers before you begin, so that their order does not tell who came first. Shred them when the survey is closed.",
    used: (used, of) => `${used} of ${of} are used, as far as this browser knows.`,
    begin: "Type a paper in",
    lookTitle: "Is this what stands on the paper?",
    lookText: "Hold it against the paper. Once it is sent, it cannot be changed or taken back.",
    send: "Lock and send",
    cancel: "Throw it away, and begin again",
    sending: "Locking and sending …",
    sent: "The paper is sent. Put it away from those that are left.",
    pending: "A paper is on its way, and we do not know whether it arrived. It lies locked in this browser. Send it again before you take the next one: it is counted once.",
    again: "Send it again",
    failed: (failure) =>
      failure === "code_refused"
        ? "All places for answers on paper are used. The paper is not sent."
        : failure === "wave_closed" || failure === "wave_not_open"
          ? "The survey is closed. The paper is not sent."
          : failure === "too_many_attempts"
            ? "There have been many wrong codes from your network, and what the server asks for instead of waiting did not work out. Try again."
            : "No answer came from the server. Try again in a moment.",
  },
};
