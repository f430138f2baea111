// Written by `make wire` from src/pomost/wire. Do not edit.

export type Level = "none" | "look" | "point" | "act" | "change-many";
/** Proof that this is the app whose link was lost. */
export interface Resume {
  session: string;
  key: string;
}
/** A technician as the customer's list shows them. */
export interface Person {
  id: string;
  name: string;
  initials: string;
  what: string;
  presence: "free" | "busy" | "call" | "off";
  until?: string;
}
/** An amount, net, as the desk computed it. */
export interface Cost {
  net: string;
  currency: string;
  text: string;
  clause?: string;
}
/** One unit of the tariff as the meter draws it. */
export interface Plank {
  text: string;
  filled_percent: number;
  asks_before: boolean;
}
/** One monitor within the picture. */
export interface ScreenPart {
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
}
/** A rectangle of the picture. */
export interface Tile {
  x: number;
  y: number;
  width: number;
  height: number;
  codec: number;
  data: Uint8Array;
}
/** The app's first words. Nothing else is taken before them. */
export interface DeskHello {
  say: "hello";
  protocol: number;
  language: "ru" | "pl" | "en";
  app_version: string;
  resume?: Resume;
}
/** The customer double-clicked a technician. */
export interface DeskCall {
  say: "call";
  technician: string;
  caller_name: string;
  caller_company?: string;
}
/** The customer gave the call up before a session began. */
export interface DeskHangup {
  say: "hangup";
}
/** The customer's answer to one gate, with the hash of the very text that was shown. */
export interface DeskConsent {
  say: "consent";
  gate: string;
  text_sha256: string;
  accepted: boolean;
}
/** The customer raised the level by a click of their own; the desk tells the viewer. */
export interface DeskGrant {
  say: "grant";
  level: Level;
}
/** The level went down, whoever asked for it. Sent after the app has stopped, not before. */
export interface DeskWithdraw {
  say: "withdraw";
  level_now: Level;
}
/** Whether the words on both screens are the same; `false` ends the session. */
export interface DeskWords {
  say: "words";
  match: boolean;
}
/** The customer's yes or no to a price, by the hash of the text that was shown. */
export interface DeskEstimateAnswer {
  say: "estimate";
  estimate: string;
  text_sha256: string;
  accepted: boolean;
}
/** A sign of life every few seconds, with what the guard counted since the start. */
export interface DeskBeat {
  say: "beat";
  counted_inputs: number;
  dropped_inputs: number;
}
/** This end stops the session for good. */
export interface DeskEnd {
  say: "end";
  why: string;
}
/** The whole list, sent at the start and at each change. */
export interface DeskPeople {
  say: "people";
  technicians: Person[];
}
/** The technician's page rings. `resume_key` lets this app, and no other, come back. */
export interface DeskRinging {
  say: "ringing";
  session: string;
  resume_key: string;
}
/** Nobody takes the call. */
export interface DeskDeclined {
  say: "declined";
  why: string;
  because?: "hung_up" | "not_taken" | "page_did_not_open" | "app_lost" | "technician_lost" | "words_differ" | "broken_protocol" | "not_stored" | "restarted" | "over";
}
/** The signed offer, byte for byte (wire/offer.py); both ends hash these bytes into their keys. */
export interface DeskOfferSent {
  say: "offer";
  offer: string;
  signature: string;
}
/** Where the session stands; sent when an end joins or returns, so that it can draw itself. */
export interface DeskShown {
  say: "state";
  state: "ringing" | "answered" | "joined" | "granted" | "held" | "answered_lost" | "joined_lost" | "granted_lost" | "held_lost" | "ended";
  level: Level;
  language: "ru" | "pl" | "en";
  words_agent: boolean;
  words_viewer: boolean;
}
/** Whether the other end is there. `resumed`: it is back after a break, so renew the keys. */
export interface DeskPeer {
  say: "peer";
  joined: boolean;
  resumed: boolean;
}
/** What has been measured and what it costs so far; the same for both ends. */
export interface DeskMeterShown {
  say: "meter";
  metered_ms: number;
  running: boolean;
  held: boolean;
  cost: Cost;
  planks: Plank[];
}
/** A price the customer decides before the work goes on. Both results stand side by side. */
export interface DeskAskEstimate {
  say: "ask_estimate";
  estimate: string;
  text: string;
  text_sha256: string;
  if_yes: Cost;
  if_no: Cost;
}
/** The session is over and its id will never be taken again. */
export interface DeskEnded {
  say: "ended";
  why: string;
  metered_ms: number;
  because?: "hung_up" | "not_taken" | "page_did_not_open" | "app_lost" | "technician_lost" | "words_differ" | "broken_protocol" | "not_stored" | "restarted" | "over";
}
/** What was just asked is not done, and why; when it broke the protocol the socket closes. */
export interface DeskRefused {
  say: "refused";
  why: string;
  because?: "hung_up" | "not_taken" | "page_did_not_open" | "app_lost" | "technician_lost" | "words_differ" | "broken_protocol" | "not_stored" | "restarted" | "over";
}
/** The page's first words. */
export interface DeskViewerHello {
  say: "hello";
  protocol: number;
  page: string;
}
/** The technician asked for a level, end to end; told to the desk so that the record shows it. */
export interface DeskAsked {
  say: "asked";
  level: Level;
}
/** How an estimate stands, for the technician's page. */
export interface DeskEstimateShown {
  say: "estimate";
  estimate: string;
  state: "asked" | "accepted" | "declined";
}
/** agent to desk */
export type FromAgent = DeskHello | DeskCall | DeskHangup | DeskConsent | DeskGrant | DeskWithdraw | DeskWords | DeskEstimateAnswer | DeskBeat | DeskEnd;
/** desk to agent */
export type ToAgent = DeskPeople | DeskRinging | DeskDeclined | DeskOfferSent | DeskShown | DeskPeer | DeskWords | DeskMeterShown | DeskAskEstimate | DeskEnded | DeskRefused;
/** viewer to desk */
export type FromViewer = DeskViewerHello | DeskAsked | DeskWords | DeskEnd;
/** desk to viewer */
export type ToViewer = DeskShown | DeskOfferSent | DeskPeer | DeskWords | DeskGrant | DeskWithdraw | DeskMeterShown | DeskEstimateShown | DeskEnded | DeskRefused;
/** The picture's size, before its first tiles and whenever it changes; the picture begins black. */
export interface Screen {
  kind: "Screen";
  width: number;
  height: number;
  name: string;
  layout: string;
  screens: ScreenPart[];
}
/** A piece of a frame. Frame ids rise by one; tiles are drawn in the order they stand. */
export interface Tiles {
  kind: "Tiles";
  frame_id: number;
  flags: number;
  tiles: Tile[];
}
/** Where the customer's pointer is, and which shape it has. */
export interface Cursor {
  kind: "Cursor";
  x: number;
  y: number;
  visible: boolean;
  shape: number;
}
/** A pointer's shape, sent once and then named by its number. */
export interface CursorShape {
  kind: "CursorShape";
  shape: number;
  hot_x: number;
  hot_y: number;
  png: Uint8Array;
}
/** The level that holds from now on, raised or lowered. */
export interface Granted {
  kind: "Granted";
  level: Level;
}
/** The customer said no, or silence said it. */
export interface NotGranted {
  kind: "NotGranted";
  level: Level;
  why: string;
}
/** SHA-256 of the picture of a frame: its width and height as u16, then its RGB bytes. */
export interface Digest {
  kind: "Digest";
  frame_id: number;
  sha256: Uint8Array;
}
/** Whether the customer hides something, so that black is not taken for a fault. */
export interface Masked {
  kind: "Masked";
  hidden: boolean;
  why: string;
}
/** A stream of frames of one size for a part of the picture that moves; said before its first frame, which is whole. */
export interface VideoStream {
  kind: "VideoStream";
  stream: number;
  codec: string;
  width: number;
  height: number;
}
/** The answer of what captures the screen, behind the frames it sent: up to `frame_id` the picture was the screen's. */
export interface Pong {
  kind: "Pong";
  echo: number;
  frame_id: number;
  behind_ms: number;
}
/** The technician asks for a level. One question at a time. */
export interface Ask {
  kind: "Ask";
  level: Level;
}
/** The frame is on the technician's screen. The agent keeps about 1.5 frames unacknowledged. */
export interface Ack {
  kind: "Ack";
  frame_id: number;
  decode_ms: number;
}
/** The technician's pointer. At point it shows a name, at act it is the pointer. */
export interface Move {
  kind: "Move";
  frame_id: number;
  x: number;
  y: number;
}
/** A mouse button: 0 left, 1 middle, 2 right, 3 back, 4 forward, as in the browser. */
export interface Button {
  kind: "Button";
  frame_id: number;
  button: number;
  down: boolean;
  x: number;
  y: number;
}
/** The wheel, in 120ths of a notch as Windows counts; down and right are positive. */
export interface Wheel {
  kind: "Wheel";
  frame_id: number;
  dx: number;
  dy: number;
  x: number;
  y: number;
}
/** A key, by its place on the keyboard and by what it means there. */
export interface KeyStroke {
  kind: "KeyStroke";
  frame_id: number;
  down: boolean;
  code: string;
  key: string;
}
/** Text without keys: from an input method, a dead key or the clipboard. */
export interface TypedText {
  kind: "TypedText";
  frame_id: number;
  text: string;
}
/** Let every key and button go; sent when the technician's page loses the focus. */
export interface ReleaseAll {
  kind: "ReleaseAll";
}
/** The kinds of video that the technician's page decodes. Until it says so, and after it says none, there is no video. */
export interface CanDecode {
  kind: "CanDecode";
  codecs: string[];
}
/** How old is what I see? Asked twice a second while the picture is shown. */
export interface Ping {
  kind: "Ping";
  echo: number;
}
/** A line of chat. */
export interface Chat {
  kind: "Chat";
  text: string;
}
/** This end is leaving for good. */
export interface Bye {
  kind: "Bye";
  why: string;
}
/** between the two ends, sealed */
export type PeerMessage = Screen | Tiles | Cursor | CursorShape | Granted | NotGranted | Digest | Masked | VideoStream | Pong | Ask | Ack | Move | Button | Wheel | KeyStroke | TypedText | ReleaseAll | CanDecode | Ping | Chat | Bye;
