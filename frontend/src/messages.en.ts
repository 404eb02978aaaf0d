/**
 * The English words of the answering page.
 */
import type { Messages } from "./messages.da.ts";
import { joined, longDay, number, words } from "./wording.ts";

const ENGLISH = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

export const en: Messages = {
  pageTitle: "Questionnaire",
  quickExit: "Leave this page",
  quickExitHint: "You can also press Esc three times.",
  languages: "Language",
  skipToContent: "Skip to content",
  loading: "Fetching the questionnaire …",
  step: (number, total) => `Step ${number} of ${total}`,
  back: "Back",
  next: "Next",
  backToReview: "Back to the overview",
  tryAgain: "Try again",
  error: "Error",
  list: (words) => joined(words, "and"),
  day: (day) => longDay(day, "en-GB"),
  notRemembered:
    "Your browser keeps nothing for this page. Your answers are lost if you reload it before you have sent them.",

  refused: {
    other_manifest: {
      title: "Do not answer on this page",
      text: "The promises behind this questionnaire are not the ones your invitation belongs to. So we do not show it. Show your invitation to the employees' representative and ask what has happened.",
    },
    other_questionnaire: {
      title: "Do not answer on this page",
      text: "The questions are not the ones your invitation promises. So we do not show them. Show your invitation to the employees' representative and ask what has happened.",
    },
    other_wave: {
      title: "The link does not fit",
      text: "The link leads to another questionnaire than the one this page can show. Open the link in your invitation again.",
    },
    unknown_format: {
      title: "The questionnaire cannot be shown",
      text: "The page cannot read what the server sent. Try again later. If it goes on, tell whoever gave you the invitation.",
    },
  },
  notLoaded: {
    title: "We cannot fetch the questionnaire",
    text: "There is no connection right now, or the server does not answer. Nothing is lost.",
  },
  noWave: {
    title: "There is no such questionnaire",
    text: "Check that you have the whole link. The survey may also have been deleted.",
  },
  notOpenYet: {
    title: "Answering has not opened yet",
    text: (day) => `You can answer from ${day}. Use the same link or the same code then.`,
  },
  closed: {
    title: "The survey is closed",
    text: "It is no longer possible to answer. If you have sent your answers, they are included.",
    totals: "The survey in numbers",
  },

  code: {
    title: "Type your code",
    intro: "The code is on your card or in your letter. It is for you alone and can be used once.",
    label: "Your code",
    hint: "16 characters. Capitals, spaces and hyphens do not matter.",
    invalid: "The code has 16 letters and digits. Look at the card and type it again.",
    brokenLink: "The link is not whole, so we cannot read your code. Open it again, or type the code here.",
    submit: "Continue",
  },
  compare: {
    invited: {
      title: "Compare with your card",
      intro: "There is a fingerprint on your card. It shows that this page makes the promises you were invited with.",
      question: "Is it exactly the same on your card?",
    },
    open: {
      title: "Compare with the poster",
      intro: "There is a fingerprint on the poster. It shows that this page makes the promises the poster was put up with.",
      question: "Is it exactly the same on the poster?",
    },
    label: "The fingerprint of this page",
    yes: "Yes, it is the same",
    no: "No, it is different",
  },

  consent: {
    asks: (organisation) => `${organisation} asks for your answers`,
    why: "What it is about",
    facts: {
      who: "Who asks",
      invited: "Who is invited",
      mayAnswer: "Who can answer",
      until: "When",
      duration: "How long it takes",
    },
    invited: (count) => `${number(count, "en-GB")} people`,
    anyone: "Everybody who has the link or sees the poster",
    paper: (count) => ` – and up to ${number(count, "en-GB")} can answer on paper`,
    onPaper:
      "Some answer on paper instead of with an invitation. Whoever types the paper in reads it: the employees' representative or the alliance's secretariat, never anyone of the management.",
    paperToPrint: "The questionnaire on paper (PDF)",
    until: (day) => `Answering closes no later than ${day}`,
    minutes: (least, most) => (least === most ? `${least} minutes` : `${least}–${most} minutes`),
    voluntary: {
      title: "You decide",
      points: [
        "It is voluntary. You may skip any question.",
        "Your answers stay in this tab until you press Send. Until then you can leave without a trace on our side.",
        "If you close the tab, the answers are gone. Some browsers can reopen a closed tab. Use the button “Leave this page”, and the answers are erased for good.",
        "Feel free to use your own phone. Then the network at work cannot see that you were here.",
      ],
    },
    leaders: {
      title: "What leaders can see",
      points: {
        groupsOnly: "Only tables about groups. Never a single response.",
        fewest: (least) => `If fewer than ${least} people answer, nothing is opened.`,
        fewestOpen: (least) => `If fewer than ${least} responses come in, nothing is shown.`,
        groups: (sensitive, general) =>
          `Questions about what you have experienced or seen are only shown for groups in which at least ${sensitive} have answered. Other questions take at least ${general}.`,
        bands: (least) =>
          `Small numbers are never shown exactly. If nobody or very few chose an answer, it says 0\u2060–\u2060${least - 1}. So nobody can tell whether it is none or some.`,
        noBreakdown: "Results are only shown for everybody together.",
        breakdowns: (names) =>
          `Results are shown for everybody together and can be divided by ${names}. They are never divided by two things at once.`,
        unit: "department or group",
        neverShared: "The figures are not shared with anyone else.",
        mayBeShared:
          "Afterwards the organisation can choose to let the protected figures go into joint figures for many organisations.",
      },
      pictureTitle: "This is what a leader can get to see. The figures are invented.",
      exampleAnswer: "Answer",
      base: "Answered",
      groups: { everyone: "Everyone", larger: "Department A", smaller: "Department B" },
      fewer: (least) => `under ${least}`,
      hidden: "not shown",
      pictures: {
        climate: {
          caption: "Here it is taken seriously when someone speaks up",
          options: ["Agree", "Neither", "Disagree"],
        },
        acts: {
          caption: "Somebody has spoken disparagingly of others' gender",
          options: ["No, never", "Yes, at least once", "Not answered"],
        },
      },
      pictureReading: (least) =>
        `“0\u2060–\u2060${least - 1}” may be zero. It may also be ${least - 1}. Nobody can tell – not even somebody who knows who has answered.`,
    },
    opening: {
      title: "Who can open the answers",
      text: (quorum, total, roles) =>
        `The answers are locked before they leave your phone or computer. The key is shared between ${words(total, ENGLISH)}: ${roles}. At least ${words(quorum, ENGLISH)} of them must agree before the answers can be opened. It happens once: a program opens all responses, counts them and forgets them.`,
      role: (role, count) =>
        ({
          employees: count === 1 ? "the employees' representative" : `${count} representatives of the employees`,
          management: count === 1 ? "a representative of the management" : `${count} representatives of the management`,
          secretariat: count === 1 ? "the alliance's secretariat" : `${count} from the alliance's secretariat`,
          other: count === 1 ? "another trusted person" : `${count} other trusted people`,
        })[role],
    },
    destruction: {
      title: "When the answers are deleted",
      text: (afterRelease, afterClosing) =>
        `No later than ${afterRelease} days after the results are made. If there are no results, ${afterClosing} days after answering closes. The keys are deleted too, and nobody can open the answers again.`,
    },
    limits: {
      title: "What we cannot protect you against",
      points: [
        "Someone looking at your screen, or a phone or computer that is being watched.",
        "The network at work can see that this page was visited. It cannot see what you answer.",
        "The server could give you a changed page that does not lock the answers as it should.",
        "Those who share the key could join forces to read the answers. They still cannot see who gave them.",
        "Whoever runs the server could remove your response before answering closes. With your number on the list you can look afterwards whether it was counted.",
        "Somebody who knows what all the others answered can work out the last answer from an exact count.",
        "A leader can guess who answered what, also where the figures do not show it.",
      ],
      invited: [
        "Whoever runs the server could watch the connections while you send and guess which code a locked response belongs to.",
        "A thief who copies the database every night while people answer would link one in two locked responses to its invitation when 20 are invited, one in ten when 200 are, one in a hundred when 2,000 are. The thief cannot read the answers themselves.",
        "Whoever runs the server could put invented responses in the place of people who do not answer. There are never more responses than people who were asked.",
        "Whoever hands out the invitations could use one of them. A code works only once, so you would notice: yours is refused.",
      ],
      open: [
        "Whoever runs the server could watch the connections while you send and see which phone or computer a locked response comes from.",
        "Somebody could answer several times, or not belong here at all. The survey is open: nobody gets a code, and nobody can see who answers. Therefore figures are only shown for everybody together, and it says so beside them.",
        "Somebody, also whoever runs the server, could put invented responses in. In an open survey nobody can count who could have answered.",
      ],
    },
    notAReport:
      "Your response is not a report. If you want someone to act, go to a person you trust, or to your union or health-and-safety representative.",
    promises: "The promises word for word (JSON)",
    fingerprint: "Fingerprint of the promises",
    unitsTitle: "Departments and groups, and how many people are in them",
    unit: "Department or group",
    headcount: "People",
    agree: "Yes, I would like to answer",
    decline: "No, thank you",
    declined: {
      title: "That is quite all right",
      text: "We have erased your code in this tab, and nothing was sent. You can close the tab. If you change your mind, use the link or the code again.",
    },
  },

  unit: {
    title: "Your department or group",
    question: "Where do you belong?",
    hint: "You do not have to answer. A department or group is only shown if enough people have answered.",
    choose: "Choose – or leave it blank",
    whole: (name) => `${name}, not specified further`,
    within: (parent, name) => `${parent} – ${name}`,
  },

  section: {
    optional: "You may skip any question.",
    question: (number, of) => `question ${number} of ${of}`,
    clear: "Clear answer",
    clearFor: (text) => `Clear answer to: ${text}`,
    limit: (most) => `Choose no more than ${words(most, ENGLISH)}.`,
    tellsMost: (question, most) => question.includes(`no more than ${words(most, ENGLISH)}`),
    untold: "The other choices were removed: they cannot stand with the one you made.",
    stopped: (most) =>
      `You have chosen ${words(most, ENGLISH)}, which is the most. Remove a choice if you want to choose another.`,
    dropped: (count) =>
      count === 1
        ? "Because you changed an answer, a later question is no longer asked. Your answer to it has been deleted."
        : `Because you changed an answer, some later questions are no longer asked. Your ${count} answers to them have been deleted.`,
    skip: "Skip this section",
    skippedAnswers: (count) =>
      count === 0
        ? "You have skipped the section."
        : `You have skipped the section. ${count === 1 ? "Your answer in it has been deleted." : `Your ${count} answers in it have been deleted.`}`,
    contentWarning: "This question may be unpleasant.",
  },
  warning: {
    title: "Before you go on",
    text: "The next questions are about experiences that can be hard to think of. You can skip the whole section, and you can stop in the middle of it.",
    show: "Show the questions",
  },
  help: {
    title: "Help and contacts",
    anonymous: "You can be anonymous.",
    phone: "Phone",
  },

  review: {
    title: "Your answers",
    intro: "Look them through and change what you like. Nothing has been sent yet.",
    blank: "Not answered",
    skipped: "The section was skipped",
    change: "Change",
    changeSection: (section) => `Change: ${section}`,
    sendTitle: "Ready to send",
    sendText:
      "When you press Send, your answers are locked here on your phone or computer. Only then are they sent. It takes a few seconds.",
    send: "Send",
    nothing: "You have not answered anything. You can still send: then you count as one who took part.",
  },

  sending: {
    title: "Sending your response",
    wait: "Stay on the page until the receipt comes. If you leave now, your response may be lost, and the code cannot be used again.",
    stages: {
      sealing: "We are locking your answers here on your phone or computer.",
      exchanging: "We are exchanging your code for a right to answer that nobody can trace back to you.",
      pausing:
        "We are waiting a few random seconds. Then nobody can tell afterwards from the clock which code your response belongs to.",
      sending: "We are sending your locked response.",
    },
    failedTitle: "Your response has not been sent yet",
    kept: "Your answers are still here.",
    perhapsTitle: "We do not know whether your response arrived",
    perhaps:
      "We sent it but were not told that it arrived. Try again. If it arrives twice, it still counts once.",
    closedOnTheWay:
      "The survey closed while your response was on its way, so we do not know whether it made it. Write this number down. When the list of the responses that count has been made, you can see whether it is there.",
    failures: {
      offline: "There is no connection to the server. Check that you are online and try again.",
      try_again: "The server is busy right now and has stored nothing. Wait a moment and try again.",
      unexpected: "The server answered something this page does not understand. Try again in a little while.",
      code_refused:
        "The code cannot be used. It may be mistyped, used before – also by you in another tab – or withdrawn. The server does not say which, or others could use your code to see whether you have answered. Look at your invitation and correct the code here.",
      too_many_attempts:
        "Many wrong codes have been tried from your network, so the server asks your browser for a little arithmetic first. It did not work out this time. Try again.",
      wave_not_open: "Answering has not opened yet. Leave the tab open and try again when the survey has begun.",
      wave_closed: "The survey is closed, so your response cannot be included. Nothing was stored. You can close the tab.",
      unknown_wave: "The survey is no longer on the server. Nothing was stored. Ask whoever gave you the invitation.",
      wrong_manifest:
        "The promises on the server are not the ones you have read. So nothing was stored. Ask the employees' representative what has happened.",
      issuer_fault:
        "The server's answer does not match what was promised, so we are not sending. Try again. If it happens again, ask the employees' representative.",
      sequence_refused: "The server already has a newer response from you. That one counts, and you need do nothing more.",
      credential_refused: "The server could not approve your right to answer. Try again. If it happens again, reload the page first.",
      signature_refused: "The server could not approve your locked response. Try again. If it happens again, reload the page first.",
      malformed: "Your locked response did not arrive whole. Try again.",
      wrong_length: "Your locked response did not arrive whole. Try again.",
      wrong_version: "This page has become too old. Reload it and try again. Your answers stay here.",
      left: "You went back before your response was sent. Try again when you are ready.",
    },
  },

  receipt: {
    title: "Thank you. Your response has been sent",
    sealed: "It is locked and cannot be read by anyone until the survey has closed.",
    noteTitle: "You can write this down if you like",
    keep: "It is shown only now. Write it down in a place where others do not see it. It does not tell what you answered, but it shows that you did answer. You need not keep anything.",
    label: "Your receipt",
    use: "With it you can replace your response or take it back as long as the survey is open. So can others, if they find it.",
    listNumber: "Your number on the list",
    listUse: "With it you can see whether your response was counted, once the survey has closed. It is good for nothing else.",
    copy: "Copy",
    copyWarning: "If you copy it, it lies in the clipboard. Others who use the device can find it there, and some phones pass it on to your other devices. On a computer that is not yours, rather write it down.",
    copied: "All of it has been copied. Copy something else once you have pasted it, so that it does not stay there.",
    notCopied: "Your browser did not let us copy. Write it down, or select and copy it yourself.",
    print: "Print",
    already: "Your response has been sent from this tab. The receipt and the number on the list were shown once and are no longer here.",
    clear: "Do you share your phone or computer with others?",
    clearText:
      "Close the tab and delete the page from the browser's history (Ctrl+Shift+Delete on a computer). Delete the message with the link too, if others can see it.",
    close: "Leave this page",
  },

  later: {
    answered: "Have you answered already?",
    answeredTitle: "Have you answered already?",
    useReceipt: "Use your receipt",
    wasCounted: "See whether your response was counted",
    replacing:
      "You are about to replace your earlier response. Nobody can see what you answered – nor can we – so you answer from the beginning. The old one counts until you send the new one.",
    replaceInstead:
      "Then the code is spent. If you have the receipt, what you have answered now can take the place of what you sent before.",
    replaceNow: "Replace my earlier response",
    wait: "Stay on the page until the receipt comes. The old response counts until the new one has arrived.",

    receiptTitle: "Use your receipt",
    receiptText: "With the receipt you can answer again in place of what you sent, or take your response back.",
    receipt: {
      label: "Your receipt",
      hint: "28 characters. Capital and small letters, spaces and hyphens make no difference.",
      invalid: "This is not a receipt. It has 28 characters. Compare it with your note, character by character.",
    },
    choiceTitle: "What would you like to do with your response?",
    choiceText: "If you replace it, you answer from the beginning and only the new one counts. If you take it back, nothing from you counts.",
    replace: "Answer again",
    withdraw: "Take my response back",
    withdrawTitle: "Take your response back",
    withdrawText:
      "Your locked response will be overwritten with zeros. All that remains is that a response was taken back – not whose. As long as the survey is open you can answer again with the receipt.",
    withdrawNow: "Yes, take it back",
    underWay: "We are taking your response back …",
    withdrawnTitle: "Your response has been taken back",
    withdrawnText: "It does not count, and nobody can open it.",

    countedTitle: "Was your response counted?",
    countedText:
      "When the survey has closed, a list is made of the responses that count. Your browser fetches the whole list and looks for itself, so the server is not told which number you are looking for.",
    listNumber: {
      label: "Your number on the list",
      hint: "8 characters. It stood under the receipt.",
      invalid: "The number has 8 characters. The receipt is another one and cannot be used here.",
    },
    look: "Look",
    looking: "Fetching the list …",
    listed: (count) =>
      `Yes. Your response is there. There are ${number(count, "en-GB")} responses on the list, and it has the right signature.`,
    notListed: (count) =>
      `The number is not among the ${number(count, "en-GB")} on the list. Nor is it if you replaced the response – then the new number holds – or took it back. If that is not why, tell the employees' representative.`,
    looks: {
      not_yet: "The list has not been made yet. It comes shortly after the survey has closed. Try again later.",
      not_signed:
        "The list on the server does not have the right signature, so it is good for nothing. Tell the employees' representative.",
      offline: "We could not fetch the list. Check that you are online and try again.",
    },
    failures: {
      credential_refused:
        "There is no response that fits the receipt. Compare it with your note. Nothing was changed.",
      wave_closed: "The survey is closed, so nothing can be changed any more. What you sent before counts.",
    },
  },
  preview: {
    end: "The last page",
    nothingSent: "Here a respondent would look through the answers and send them. This was a preview: nothing was kept or sent.",
    again: "Begin again",
    failed: "The questionnaire could not be loaded. Go back and try again.",
  },
};
