// A second client: ews-javascript-api, doing what its arguments say against the fake.
// Arguments: address, user and password; from standard input a list of steps, each
// {do, ...}. Prints what each was answered.
import { readFileSync } from "node:fs";
import util from "node:util";

util.isNullOrUndefined ??= (value) => value == null; // which Node has no more
const { default: ews } = await import("ews-javascript-api");

const [address, user, password] = process.argv.slice(2);
const service = new ews.ExchangeService(ews.ExchangeVersion.Exchange2013);
service.Url = new ews.Uri(address);
service.Credentials = new ews.WebCredentials(user, password);

const ours = (set, name) =>
  new ews.ExtendedPropertyDefinition(
    new ews.Guid(set),
    name,
    ews.MapiPropertyType.String,
  );

const STEPS = {
  async list({ start, end }) {
    const view = new ews.CalendarView(
      new ews.DateTime(start),
      new ews.DateTime(end),
    );
    const found = await service.FindAppointments(
      ews.WellKnownFolderName.Calendar,
      view,
    );
    return found.Items.map((item) => item.Id.UniqueId);
  },
  async read({ id, set, name }) {
    const key = ours(set, name);
    const wanted = new ews.PropertySet(ews.BasePropertySet.IdOnly, [
      ews.ItemSchema.Subject,
      ews.AppointmentSchema.Start,
      ews.AppointmentSchema.End,
      ews.AppointmentSchema.ICalUid,
      ews.AppointmentSchema.Location,
      ews.AppointmentSchema.RequiredAttendees,
      key,
    ]);
    const item = await ews.Appointment.Bind(
      service,
      new ews.ItemId(id),
      wanted,
    );
    const value = { outValue: null };
    item.TryGetProperty(key, value);
    return {
      subject: item.Subject,
      start: item.Start.ToISOString(),
      end: item.End.ToISOString(),
      location: item.Location,
      attendees: item.RequiredAttendees.Items.map((one) => one.Address),
      key: value.outValue,
    };
  },
  async create({ subject, start, end, attendee }) {
    const item = new ews.Appointment(service);
    item.Subject = subject;
    item.Start = new ews.DateTime(start);
    item.End = new ews.DateTime(end);
    item.RequiredAttendees.Add(attendee);
    await item.Save(ews.SendInvitationsMode.SendToAllAndSaveCopy);
    return item.Id.UniqueId;
  },
  async remove({ id }) {
    const item = await ews.Appointment.Bind(
      service,
      new ews.ItemId(id),
      new ews.PropertySet(ews.BasePropertySet.IdOnly),
    );
    await item.Delete(
      ews.DeleteMode.MoveToDeletedItems,
      ews.SendCancellationsMode.SendToAllAndSaveCopy,
    );
    return true;
  },
  async busy({ mailbox, start, end }) {
    const answer = await service.GetUserAvailability(
      [new ews.AttendeeInfo(mailbox)],
      new ews.TimeWindow(new ews.DateTime(start), new ews.DateTime(end)),
      ews.AvailabilityData.FreeBusy,
    );
    const [one] = answer.AttendeesAvailability.Responses;
    return one.CalendarEvents.map((it) => it.StartTime.ToISOString());
  },
};

const answers = [];
for (const step of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    answers.push({ answer: await STEPS[step.do](step) });
  } catch (error) {
    answers.push({ error: `${error?.message ?? error} ${error?.stack ?? ""}` });
  }
}
console.log(JSON.stringify(answers));
